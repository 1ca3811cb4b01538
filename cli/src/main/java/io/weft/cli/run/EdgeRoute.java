// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.run;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.request.Plane;
import io.weft.policy.route.Action;
import io.weft.policy.route.Match;
import io.weft.policy.route.PathMatch;
import io.weft.policy.route.Route;
import io.weft.policy.route.Rule;
import java.util.Optional;

/** Where a policy lets visitors reach a service, or else how to make it do so. */
final class EdgeRoute {

    private EdgeRoute() {}

    /** A path at the edge that leads to the service, if some route has one. */
    static Optional<String> path(PolicyObjects policy, ServiceName service) {
        return policy.routes().stream()
                .filter(route -> route.at().includes(Plane.EDGE) && route.hosts().isEmpty())
                .map(Route::rules)
                .flatMap(rules -> rules.stream().filter(rule -> leadsTo(rule, service)))
                .flatMap(rule -> rule.matches().stream())
                .flatMap(match -> path(match).stream())
                .findFirst();
    }

    /** A policy that leads visitors to a service under a path of its name. */
    static String policyFor(ServiceName service) {
        return """
        weft:
          services:
            %1$s: { protocol: http }
          routes:
            %1$s:
              at: edge
              rules:
                all: { match: { path: { prefix: /%1$s } }, to: { %1$s: 100 } }
          access:
            %1$s-is-public:
              to: { services: [%1$s] }
              from: { workloads: [gateway] }
              user: anyone
              effect: allow
        """
                .formatted(service.name());
    }

    private static boolean leadsTo(Rule rule, ServiceName service) {
        return rule.action() instanceof Action.Forward forward
                && forward.to().stream().anyMatch(to -> to.destination().service().equals(service));
    }

    private static Optional<String> path(Match match) {
        return switch (match.path()) {
            case PathMatch.Exact(String path) -> Optional.of(path);
            case PathMatch.Prefix(String path) -> Optional.of(path);
            case PathMatch.Regex ignored -> Optional.empty();
        };
    }
}
