// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import io.weft.policy.object.PolicyObject.Reference;
import io.weft.policy.problem.Problem;
import io.weft.policy.problem.Suggestions;
import io.weft.policy.read.References.Located;
import io.weft.policy.service.Service;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What to say about a name that does not exist: which do, and which of them was meant. */
final class KnownNames {

    private static final int NAMES_SHOWN = 12;

    /** Thousands of typing errors among thousands of names would take minutes to guess at. */
    private static final int MOST_COMPARISONS = 200_000;

    private final Map<ServiceName, Service> services;
    private final List<String> tokens;
    private final Set<ObjectKey> declared;
    private final List<String> callable;
    private final List<String> calling;
    private final Map<String, Optional<String>> meant = new HashMap<>();
    private int comparisons;

    /**
     * @param services those that exist
     * @param tokens those that exist
     * @param declared what the documents declare, broken or not
     */
    KnownNames(Map<ServiceName, Service> services, Set<String> tokens, Set<ObjectKey> declared) {
        this.services = services;
        this.tokens = tokens.stream().sorted().toList();
        this.declared = declared;
        this.callable = services.keySet().stream().sorted().map(ServiceName::toString).toList();
        this.calling =
                Stream.concat(callable.stream(), Stream.of(ServiceName.GATEWAY.toString()))
                        .toList();
    }

    Problem problem(Located place) {
        return switch (place.reference()) {
            case Reference.ToDestination(var to) ->
                    services.containsKey(to.service())
                            ? unknownVersion(place, services.get(to.service()))
                            : unknown(
                                    place, keyOf(to.service()), "service", callable, to.version());
            case Reference.ToWorkload(var workload) ->
                    unknown(place, keyOf(workload), "workload", calling, null);
            case Reference.ToToken(var token) ->
                    unknown(place, new ObjectKey(ObjectKind.TOKENS, token), "token", tokens, null);
        };
    }

    private static Problem unknownVersion(Located place, Service service) {
        List<String> versions =
                service.versions().keySet().stream().map(v -> service.name() + "/" + v).toList();
        return problem(
                place, "unknown version", versions, Suggestions.nearest(place.text(), versions));
    }

    private Problem unknown(
            Located place,
            ObjectKey named,
            String kind,
            List<String> known,
            @Nullable String version) {
        if (declared.contains(named)) {
            return problem(place, kind + " whose declaration is broken", known, null);
        }
        String nearest =
                meant.computeIfAbsent(kind + " " + named.name(), _ -> nearest(named, known))
                        .orElse(null);
        boolean plain = nearest == null || version == null;
        return problem(place, "unknown " + kind, known, plain ? nearest : nearest + "/" + version);
    }

    private static ObjectKey keyOf(ServiceName service) {
        return new ObjectKey(ObjectKind.SERVICES, service.toString());
    }

    private Optional<String> nearest(ObjectKey named, List<String> known) {
        comparisons += known.size();
        return comparisons > MOST_COMPARISONS
                ? Optional.empty()
                : Optional.ofNullable(Suggestions.nearest(named.name(), known));
    }

    private static Problem problem(
            Located place, String message, List<String> known, @Nullable String suggestion) {
        return new Problem(
                place.at(), place.path(), place.text(), message, oneOf(known), suggestion);
    }

    private static String oneOf(List<String> known) {
        if (known.isEmpty()) {
            return "none is declared";
        }
        String shown = known.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
        return "one of: " + shown + (known.size() > NAMES_SHOWN ? ", …" : "");
    }
}
