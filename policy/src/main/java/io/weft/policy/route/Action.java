// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a rule does with a request. */
public sealed interface Action {

    /** The changes of paths that are part of it. */
    List<PathChange> pathChanges();

    /**
     * It goes to a service.
     *
     * @param to at least one destination, with at least one weight above 0
     * @param maxBody the most bytes that a request's body may have; {@link #NO_LIMIT} for any
     * @param fault null for none
     * @param cors null where the service speaks for itself
     * @param mirrors no destination twice
     * @param filters that the gateway has its requests pass
     */
    record Forward(
            List<WeightedDestination> to,
            HeaderEdits requestHeaders,
            HeaderEdits responseHeaders,
            Sticky sticky,
            Rewrite rewrite,
            Timeouts timeouts,
            long maxBody,
            @Nullable Fault fault,
            @Nullable Cors cors,
            List<Mirror> mirrors,
            List<FilterUse> filters)
            implements Action {

        public static final long NO_LIMIT = Long.MAX_VALUE;

        public Forward {
            to = List.copyOf(to);
            mirrors = List.copyOf(mirrors);
            filters = List.copyOf(filters);
            if (to.stream().noneMatch(each -> each.weight() > 0)) {
                throw new IllegalArgumentException(
                        "to: " + to + " (expected: a destination of positive weight)");
            }
        }

        /** To one destination, with nothing changed. */
        public static Forward to(Destination destination) {
            return new Forward(
                    List.of(new WeightedDestination(destination, 1)),
                    HeaderEdits.NONE,
                    HeaderEdits.NONE,
                    new Sticky.None(),
                    Rewrite.NONE,
                    Timeouts.NONE,
                    NO_LIMIT,
                    null,
                    null,
                    List.of(),
                    List.of());
        }

        @Override
        public List<PathChange> pathChanges() {
            return Stream.concat(Stream.of(rewrite), to.stream().map(WeightedDestination::rewrite))
                    .map(Rewrite::path)
                    .filter(Objects::nonNull)
                    .toList();
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
        public List<PathChange> pathChanges() {
            return path == null ? List.of() : List.of(path);
        }
    }

    /**
     * The client is answered at once: a page for the time of maintenance, a file that never
     * changes.
     *
     * @param status 200 to 599
     * @param body in UTF-8
     */
    record Respond(int status, List<HeaderEdits.Field> headers, String body) implements Action {

        public static final int LEAST_STATUS = 200;
        public static final int MOST_STATUS = 599;

        /** The longest body, in characters. */
        public static final int MAX_BODY = 64 * 1024;

        public Respond {
            headers = List.copyOf(headers);
            if (status < LEAST_STATUS || status > MOST_STATUS || body.length() > MAX_BODY) {
                throw new IllegalArgumentException(
                        "respond with %d and %d characters".formatted(status, body.length()));
            }
        }

        @Override
        public List<PathChange> pathChanges() {
            return List.of();
        }
    }
}
