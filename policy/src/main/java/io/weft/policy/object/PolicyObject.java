// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.object;

import io.weft.policy.access.AccessRule;
import io.weft.policy.access.RequiredUser;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.route.Destination;
import io.weft.policy.route.Route;
import io.weft.policy.route.Rule;
import io.weft.policy.service.Service;
import io.weft.policy.token.TokenPolicy;
import java.util.LinkedHashSet;
import java.util.Set;

/** One object of a policy. */
public sealed interface PolicyObject {

    ObjectKey key();

    /** What must exist for this object to make sense. */
    Set<Reference> references();

    record OfService(Service service) implements PolicyObject {
        @Override
        public ObjectKey key() {
            return new ObjectKey(ObjectKind.SERVICES, service.name().toString());
        }

        @Override
        public Set<Reference> references() {
            return Set.of();
        }
    }

    record OfRoute(Route route) implements PolicyObject {
        @Override
        public ObjectKey key() {
            return new ObjectKey(ObjectKind.ROUTES, route.name().text());
        }

        @Override
        public Set<Reference> references() {
            var references = new LinkedHashSet<Reference>();
            for (Rule rule : route.rules()) {
                rule.destinations().forEach(to -> references.add(new Reference.ToDestination(to)));
                rule.matches().stream()
                        .flatMap(match -> match.from().workloads().stream())
                        .forEach(workload -> references.add(new Reference.ToWorkload(workload)));
            }
            return references;
        }
    }

    record OfToken(TokenPolicy token) implements PolicyObject {
        @Override
        public ObjectKey key() {
            return new ObjectKey(ObjectKind.TOKENS, token.name());
        }

        @Override
        public Set<Reference> references() {
            return Set.of();
        }
    }

    record OfAccess(AccessRule rule) implements PolicyObject {
        @Override
        public ObjectKey key() {
            return new ObjectKey(ObjectKind.ACCESS, rule.name());
        }

        @Override
        public Set<Reference> references() {
            var references = new LinkedHashSet<Reference>();
            rule.to()
                    .services()
                    .forEach(
                            service ->
                                    references.add(
                                            new Reference.ToDestination(
                                                    new Destination(service, null))));
            rule.from()
                    .workloads()
                    .forEach(workload -> references.add(new Reference.ToWorkload(workload)));
            if (rule.user() instanceof RequiredUser.Bearer bearer) {
                references.add(new Reference.ToToken(bearer.token()));
            }
            return references;
        }
    }

    /** A name that another object must bear. */
    sealed interface Reference {

        record ToDestination(Destination destination) implements Reference {}

        /** A service, or the edge itself. */
        record ToWorkload(ServiceName workload) implements Reference {}

        record ToToken(String token) implements Reference {}
    }
}
