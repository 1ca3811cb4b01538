// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.request.Caller;
import io.weft.policy.request.RequestView;
import io.weft.policy.route.FilterUse;
import io.weft.policy.route.HeaderEdits;
import io.weft.policy.route.RouteName;
import io.weft.policy.route.Timeouts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule that sends requests to services, ready to be applied. */
public final class CompiledRule implements MatchedRule {

    private final int slot;
    private final RouteName route;
    private final String name;
    private final CompiledRewrite rewrite;
    private final HeaderEdits responseHeaders;
    private final Timeouts timeouts;
    private final List<FilterUse> filters;
    private final CompiledDestination[] destinations;
    private final long[] shares;
    private final long total;
    private final @Nullable StickySplit sticky;

    /**
     * @param weights of the destinations, in their order; at least one above 0
     * @param sticky chooses for those who are known again; null where nobody is
     */
    CompiledRule(
            int slot,
            RouteName route,
            String name,
            CompiledRewrite rewrite,
            HeaderEdits responseHeaders,
            Timeouts timeouts,
            List<FilterUse> filters,
            List<CompiledDestination> destinations,
            int[] weights,
            @Nullable StickySplit sticky) {
        this.slot = slot;
        this.route = route;
        this.name = name;
        this.rewrite = rewrite;
        this.responseHeaders = responseHeaders;
        this.timeouts = timeouts;
        this.filters = filters;
        this.destinations = destinations.toArray(CompiledDestination[]::new);
        this.shares = new long[weights.length];
        long sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            shares[i] = sum;
        }
        this.total = sum;
        this.sticky = sticky;
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public RouteName route() {
        return route;
    }

    @Override
    public String name() {
        return name;
    }

    /** What becomes of the request's target. */
    public CompiledRewrite rewrite() {
        return rewrite;
    }

    public HeaderEdits responseHeaders() {
        return responseHeaders;
    }

    public Timeouts timeouts() {
        return timeouts;
    }

    /** What the gateway has its requests pass. */
    public List<FilterUse> filters() {
        return filters;
    }

    /** Every destination, those of weight 0 included. */
    public List<CompiledDestination> destinations() {
        return List.of(destinations);
    }

    /** The place of one of this rule's destinations in {@link #destinations()}. */
    public int indexOf(CompiledDestination destination) {
        int i = 0;
        while (destinations[i].slot() != destination.slot()) {
            i++;
        }
        return i;
    }

    /**
     * The destination of one request: by who asks where that counts and is known, otherwise by
     * weight.
     *
     * @param random uniformly distributed over all integers
     */
    public CompiledDestination pick(RequestView request, Caller caller, int random) {
        int known = sticky == null ? -1 : sticky.pick(request, caller);
        return known < 0 ? pick(random) : destinations[known];
    }

    /**
     * The destination of one request, by weight.
     *
     * @param random uniformly distributed over all integers
     */
    public CompiledDestination pick(int random) {
        if (destinations.length == 1) {
            return destinations[0];
        }
        long point = Math.unsignedMultiplyHigh((long) random << 32, total);
        int i = 0;
        while (point >= shares[i]) {
            i++;
        }
        return destinations[i];
    }

    @Override
    public String toString() {
        return route + "/" + name;
    }
}
