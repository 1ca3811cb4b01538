// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a rule does with a request. */
public sealed interface Action {

    /** The change of paths that is part of it, or null. */
    @Nullable PathChange pathChange();

    /**
     * It goes to a service.
     *
     * @param to at least one destination, with at least one weight above 0
     * @param filters that the gateway has its requests pass
     */
    record Forward(
            List<WeightedDestination> to,
            HeaderEdits requestHeaders,
            HeaderEdits responseHeaders,
            Sticky sticky,
            Rewrite rewrite,
            Timeouts timeouts,
            List<FilterUse> filters)
            implements Action {

        public Forward {
            to = List.copyOf(to);
            filters = List.copyOf(filters);
            if (to.stream().noneMatch(each -> each.weight() > 0)) {
                throw new IllegalArgumentException(
                        "to: " + to + " (expected: a destination of positive weight)");
            }
        }

        /** To one destination, with nothing changed. */
        public static Forward to(Destination destination) {
            return new Forward(
                    List.of(new WeightedDestination(destination, 1, HeaderEdits.NONE)),
                    HeaderEdits.NONE,
                    HeaderEdits.NONE,
                    new Sticky.None(),
                    Rewrite.NONE,
                    Timeouts.NONE,
                    List.of());
        }

        @Override
        public @Nullable PathChange pathChange() {
            return rewrite.path();
        }
    }

    /**
     * The client is told to ask elsewhere (Gateway API, {@code HTTPRequestRedirectFilter}); what is
     * null stays as it was asked.
     *
     * @param scheme {@code http} or {@code https}
     * @param host without a port
     * @param port when null: none if there is a scheme, otherwise the one that was asked
     * @param status 301, 302, 303, 307 or 308
     */
    record Redirect(
            @Nullable String scheme,
            @Nullable String host,
            @Nullable Integer port,
            @Nullable PathChange path,
            int status)
            implements Action {

        public static final int DEFAULT_STATUS = 302;
        public static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

        public Redirect {
            if (!STATUSES.contains(status)) {
                throw new IllegalArgumentException(
                        "status: " + status + " (expected: one of " + STATUSES + ")");
            }
        }

        @Override
        public @Nullable PathChange pathChange() {
            return path;
        }
    }
}
