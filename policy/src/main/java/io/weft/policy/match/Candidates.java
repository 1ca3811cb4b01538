// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.request.HeaderName;
import io.weft.policy.request.RequestView;
import io.weft.policy.route.HeaderMatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules that share a path, asked in the order of their precedence. A few are tried one by one;
 * many that differ in the value of a header become a decision tree on that header, so that the
 * hundredth tenant does not pay for the ninety-nine before it.
 */
sealed interface Candidates {

    /** The best rule that accepts the request. */
    @Nullable CompiledRule first(RequestView request);

    /** As many as this are tried one by one. */
    int FEW = 8;

    static Candidates of(Collection<Candidate> all) {
        return of(all.stream().sorted().toList(), Set.of());
    }

    private static Candidates of(List<Candidate> sorted, Set<HeaderName> asked) {
        HeaderName header = sorted.size() <= FEW ? null : mostTelling(sorted, asked);
        if (header == null) {
            return new Scan(sorted.toArray(Candidate[]::new));
        }
        Map<String, List<Candidate>> byValue = new TreeMap<>();
        sorted.forEach(c -> value(c, header).ifPresent(v -> byValue.put(v, new ArrayList<>())));
        var others = new ArrayList<Candidate>();
        for (Candidate candidate : sorted) {
            var value = value(candidate, header);
            if (value.isPresent()) {
                byValue.getOrDefault(value.get(), others).add(candidate);
            } else {
                // It accepts whatever the header says: it stands in every branch, in its place.
                byValue.values().forEach(branch -> branch.add(candidate));
                others.add(candidate);
            }
        }
        var alsoAsked = new java.util.HashSet<>(asked);
        alsoAsked.add(header);
        var branches = new HashMap<String, Candidates>();
        byValue.forEach((value, branch) -> branches.put(value, of(branch, alsoAsked)));
        return new ByHeader(header, new ByteKeyMap<>(branches), of(others, alsoAsked));
    }

    /**
     * The header whose value leaves the fewest rules to look at; null when none halves their
     * number, because each rule that ignores the header is copied into every branch.
     */
    private static @Nullable HeaderName mostTelling(List<Candidate> all, Set<HeaderName> asked) {
        Map<HeaderName, Map<String, Long>> uses =
                all.stream()
                        .flatMap(candidate -> candidate.headers().stream())
                        .filter(match -> !asked.contains(match.name()))
                        .collect(
                                Collectors.groupingBy(
                                        HeaderMatch::name,
                                        TreeMap::new,
                                        Collectors.groupingBy(
                                                HeaderMatch::value, Collectors.counting())));
        HeaderName best = null;
        long fewest = all.size() / 2L + 1;
        for (var use : uses.entrySet()) {
            long naming = use.getValue().values().stream().mapToLong(Long::longValue).sum();
            long largest =
                    use.getValue().values().stream().mapToLong(Long::longValue).max().orElse(0);
            long left = all.size() - naming + largest;
            if (left < fewest) {
                fewest = left;
                best = use.getKey();
            }
        }
        return best;
    }

    private static java.util.Optional<String> value(Candidate candidate, HeaderName header) {
        return candidate.headers().stream()
                .filter(match -> match.name().equals(header))
                .map(HeaderMatch::value)
                .findFirst();
    }

    /** Tries one after the other. */
    record Scan(Candidate[] sorted) implements Candidates {
        @Override
        public @Nullable CompiledRule first(RequestView request) {
            for (Candidate candidate : sorted) {
                if (candidate.accepts(request)) {
                    return candidate.rule();
                }
            }
            return null;
        }
    }

    /** Goes on with those that the value of a header leaves. */
    record ByHeader(HeaderName header, ByteKeyMap<Candidates> byValue, Candidates otherwise)
            implements Candidates {
        @Override
        public @Nullable CompiledRule first(RequestView request) {
            int field = Candidate.onlyField(request, header);
            Candidates branch =
                    field < 0
                            ? null
                            : byValue.get(
                                    request.bytes(),
                                    request.valueStart(field),
                                    request.valueEnd(field));
            return (branch == null ? otherwise : branch).first(request);
        }
    }
}
