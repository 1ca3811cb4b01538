// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Caller;
import io.weft.policy.request.RequestView;
import io.weft.policy.request.Sources;
import io.weft.policy.route.Match;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose requests, and to which ports, the rules of a service's host are about, whatever else they
 * ask for. All others are left to the route that the service has by itself.
 */
final class Audience {

    private final Callers ofAnyPort = new Callers();
    private final List<OfPort> ofPorts = new ArrayList<>();

    void add(Match match) {
        Integer port = match.port();
        (port == null ? ofAnyPort : of(port)).add(match.from());
    }

    private Callers of(int port) {
        Callers known = find(port);
        if (known != null) {
            return known;
        }
        var callers = new Callers();
        ofPorts.add(new OfPort(port, callers));
        return callers;
    }

    boolean isEverybody() {
        return ofAnyPort.everybody;
    }

    boolean includes(RequestView request, Caller caller) {
        if (ofAnyPort.include(caller)) {
            return true;
        }
        Callers ofPort = ofPorts.isEmpty() ? null : find(request.port());
        return ofPort != null && ofPort.include(caller);
    }

    private @Nullable Callers find(int port) {
        for (int i = 0; i < ofPorts.size(); i++) {
            if (ofPorts.get(i).port == port) {
                return ofPorts.get(i).callers;
            }
        }
        return null;
    }

    private record OfPort(int port, Callers callers) {}

    private static final class Callers {
        private final Set<ServiceName> workloads = new HashSet<>();
        private final Set<String> namespaces = new HashSet<>();
        private boolean everybody;

        void add(Sources from) {
            if (from.workloads().isEmpty()) {
                namespaces.addAll(from.namespaces());
                everybody |= from.namespaces().isEmpty();
                return;
            }
            from.workloads().stream()
                    .filter(
                            each ->
                                    from.namespaces().isEmpty()
                                            || from.namespaces().contains(each.namespace()))
                    .forEach(workloads::add);
        }

        boolean include(Caller caller) {
            if (everybody) {
                return true;
            }
            ServiceName workload = caller.workload().orElse(null);
            return workload != null
                    && (workloads.contains(workload) || namespaces.contains(workload.namespace()));
        }
    }
}
