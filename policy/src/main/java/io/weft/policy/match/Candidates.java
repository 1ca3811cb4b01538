// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.request.Caller;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.RequestView;
import io.weft.policy.route.HeaderMatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules that share a path. A few are tried one by one in the order of their precedence; many
 * that differ in the value of a header are looked up by that value, so that the hundredth tenant
 * does not pay for the ninety-nine before it. Each rule stands in one place, whatever the others
 * ask for, and the best of what the places offer wins.
 */
final class Candidates {

    /** As many as this are tried one by one. */
    private static final int FEW = 8;

    private final Candidate[] oneByOne;
    private final ByHeader[] byHeader;

    private Candidates(List<Candidate> oneByOne, List<ByHeader> byHeader) {
        this.oneByOne = oneByOne.toArray(Candidate[]::new);
        this.byHeader = byHeader.toArray(ByHeader[]::new);
    }

    static Candidates of(Collection<Candidate> all) {
        return ofSorted(all.stream().sorted().toList());
    }

    private static Candidates ofSorted(List<Candidate> sorted) {
        if (sorted.size() <= FEW) {
            return new Candidates(sorted, List.of());
        }
        var byHeader = new ArrayList<ByHeader>();
        Set<Candidate> placed = new HashSet<>();
        for (Use use : uses(sorted)) {
            Use left = use.without(placed);
            if (left.spared > FEW) {
                byHeader.add(left.lookup());
                placed.addAll(left.all);
            }
        }
        var others = sorted.stream().filter(each -> !placed.contains(each)).toList();
        return new Candidates(others, byHeader);
    }

    /** The headers that candidates ask for, the most telling first. */
    private static List<Use> uses(List<Candidate> sorted) {
        Map<HeaderName, List<Candidate>> uses = new TreeMap<>();
        for (Candidate candidate : sorted) {
            for (HeaderMatch match : candidate.headers()) {
                uses.computeIfAbsent(match.name(), _ -> new ArrayList<>()).add(candidate);
            }
        }
        return uses.entrySet().stream()
                .map(use -> new Use(use.getKey(), use.getValue()))
                .sorted(Comparator.comparingInt((Use use) -> use.spared).reversed())
                .toList();
    }

    /** The best rule that accepts the request. */
    @Nullable MatchedRule first(RequestView request, Caller caller) {
        Candidate best = best(request, caller);
        return best == null ? null : best.rule();
    }

    private @Nullable Candidate best(RequestView request, Caller caller) {
        Candidate best = null;
        for (Candidate candidate : oneByOne) {
            if (candidate.accepts(request, caller)) {
                best = candidate;
                break;
            }
        }
        for (ByHeader each : byHeader) {
            Candidate other = each.best(request, caller);
            if (other != null && (best == null || other.compareTo(best) < 0)) {
                best = other;
            }
        }
        return best;
    }

    /** Candidates that all ask for one header, found by its value. */
    private record ByHeader(HeaderName name, ByteKeyMap<Candidates> byValue) {
        @Nullable Candidate best(RequestView request, Caller caller) {
            int field = Candidate.onlyField(request, name);
            if (field < 0) {
                return null;
            }
            Candidates named =
                    byValue.get(
                            request.bytes(), request.valueStart(field), request.valueEnd(field));
            return named == null ? null : named.best(request, caller);
        }
    }

    /** The candidates that ask for a header, while they are being placed. */
    private static final class Use {
        private final HeaderName name;
        private final List<Candidate> all;
        private final Map<String, List<Candidate>> byValue = new TreeMap<>();

        /** How many candidates need not be tried when the value is looked up, at least. */
        private final int spared;

        private Use(HeaderName name, List<Candidate> all) {
            this.name = name;
            this.all = all;
            for (Candidate candidate : all) {
                byValue.computeIfAbsent(candidate.valueOf(name), _ -> new ArrayList<>())
                        .add(candidate);
            }
            int most = byValue.values().stream().mapToInt(List::size).max().orElse(0);
            this.spared = all.size() - most;
        }

        private Use without(Set<Candidate> placed) {
            return placed.isEmpty()
                    ? this
                    : new Use(name, all.stream().filter(c -> !placed.contains(c)).toList());
        }

        private ByHeader lookup() {
            var candidates = new TreeMap<String, Candidates>();
            byValue.forEach((value, sorted) -> candidates.put(value, ofSorted(sorted)));
            return new ByHeader(name, new ByteKeyMap<>(candidates));
        }
    }
}
