// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.regex.PathRegex;
import io.weft.policy.regex.RegexSet;
import io.weft.policy.request.Caller;
import io.weft.policy.request.RequestView;
import io.weft.policy.route.Match;
import io.weft.policy.route.PathMatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of one host pattern: exact paths, then the longest prefix, then patterns. */
final class HostRules {

    private final ByteKeyMap<Candidates> exact;
    private final PathTrie prefixes;
    private final @Nullable RegexSet<Candidates> patterns;
    private final Audience audience;
    private final @Nullable MatchedRule forOthers;

    private HostRules(
            ByteKeyMap<Candidates> exact,
            PathTrie prefixes,
            @Nullable RegexSet<Candidates> patterns,
            Audience audience,
            @Nullable MatchedRule forOthers) {
        this.exact = exact;
        this.prefixes = prefixes;
        this.patterns = patterns;
        this.audience = audience;
        this.forOthers = forOthers;
    }

    @Nullable MatchedRule first(RequestView request, Caller caller) {
        Candidates same = exact.get(request.bytes(), request.pathStart(), request.pathEnd());
        MatchedRule rule = same == null ? null : same.first(request, caller);
        if (rule == null) {
            rule = prefixes.first(request, caller);
        }
        if (rule == null && patterns != null) {
            Candidates covering =
                    patterns.match(request.bytes(), request.pathStart(), request.pathEnd());
            rule = covering == null ? null : covering.first(request, caller);
        }
        return rule == null
                        && forOthers != null
                        && hasPath(request)
                        && !audience.includes(request, caller)
                ? forOthers
                : rule;
    }

    /** {@code OPTIONS *} is not about anything that a service has. */
    private static boolean hasPath(RequestView request) {
        return request.bytes()[request.pathStart()] == '/';
    }

    /** Collects candidates by path. */
    static final class Builder {
        private final Map<String, List<Candidate>> exact = new HashMap<>();
        private final Map<String, List<Candidate>> prefixes = new HashMap<>();
        private final Map<String, List<Candidate>> patterns = new LinkedHashMap<>();

        private final Audience audience = new Audience();
        private @Nullable MatchedRule forOthers;

        void add(Match match, Candidate candidate) {
            audience.add(match);
            switch (match.path()) {
                case PathMatch.Exact(String text) -> add(exact, text, candidate);
                case PathMatch.Prefix(String text) -> add(prefixes, text, candidate);
                case PathMatch.Regex(String text) -> add(patterns, text, candidate);
            }
        }

        boolean isForEverybody() {
            return audience.isEverybody();
        }

        /** Has a rule for all those whose requests the others are not about. */
        void leaveOthersTo(MatchedRule rule) {
            forOthers = rule;
        }

        private static void add(Map<String, List<Candidate>> to, String path, Candidate candidate) {
            to.computeIfAbsent(path, _ -> new ArrayList<>()).add(candidate);
        }

        HostRules build() {
            var exactPaths = new HashMap<String, Candidates>();
            exact.forEach((path, candidates) -> exactPaths.put(path, Candidates.of(candidates)));
            return new HostRules(
                    new ByteKeyMap<>(exactPaths),
                    PathTrie.of(prefixes),
                    patternSet(),
                    audience,
                    forOthers);
        }

        private @Nullable RegexSet<Candidates> patternSet() {
            if (patterns.isEmpty()) {
                return null;
            }
            List<List<Candidate>> byPattern = List.copyOf(patterns.values());
            return new RegexSet<>(
                    patterns.keySet().stream().map(Builder::parse).toList(),
                    numbers -> union(byPattern, numbers));
        }

        private static Candidates union(List<List<Candidate>> byPattern, int[] numbers) {
            return Candidates.of(
                    Arrays.stream(numbers).mapToObj(byPattern::get).flatMap(List::stream).toList());
        }

        private static PathRegex.Parsed parse(String pattern) {
            try {
                return PathRegex.parse(pattern);
            } catch (PathRegex.SyntaxException e) {
                throw new IllegalArgumentException("regex: " + pattern + ": " + e.getMessage(), e);
            }
        }
    }
}
