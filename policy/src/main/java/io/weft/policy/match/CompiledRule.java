// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.request.Caller;
import io.weft.policy.request.RequestView;
import io.weft.policy.route.Action;
import io.weft.policy.route.Fault;
import io.weft.policy.route.FilterUse;
import io.weft.policy.route.RouteName;
import io.weft.policy.route.Sticky;
import io.weft.policy.route.Timeouts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule that sends requests to services, ready to be applied. */
public final class CompiledRule implements MatchedRule {

    private final int slot;
    private final RouteName route;
    private final String name;
    private final Action.Forward forward;
    private final @Nullable CompiledCors cors;
    private final List<CompiledMirror> mirrors;
    private final CompiledDestination[] destinations;
    private final long[] shares;
    private final long total;

    /** Chooses for those who are known again; null where nobody is. */
    private final @Nullable StickySplit sticky;

    /**
     * @param destinations in the order of the action
     */
    CompiledRule(
            int slot,
            RouteName route,
            String name,
            Action.Forward forward,
            List<CompiledDestination> destinations,
            List<CompiledMirror> mirrors) {
        this.slot = slot;
        this.route = route;
        this.name = name;
        this.forward = forward;
        this.cors = forward.cors() == null ? null : new CompiledCors(forward.cors());
        this.mirrors = List.copyOf(mirrors);
        this.destinations = destinations.toArray(CompiledDestination[]::new);
        this.shares = new long[this.destinations.length];
        long sum = 0;
        for (int i = 0; i < shares.length; i++) {
            sum += forward.to().get(i).weight();
            shares[i] = sum;
        }
        this.total = sum;
        this.sticky =
                forward.sticky() instanceof Sticky.None
                        ? null
                        : new StickySplit(forward.sticky(), forward.to());
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

    public Timeouts timeouts() {
        return forward.timeouts();
    }

    /** The most bytes that a request's body may have. */
    public long maxBody() {
        return forward.maxBody();
    }

    public @Nullable Fault fault() {
        return forward.fault();
    }

    public @Nullable CompiledCors cors() {
        return cors;
    }

    /** Who gets copies of requests. */
    public List<CompiledMirror> mirrors() {
        return mirrors;
    }

    /** What the gateway has its requests pass. */
    public List<FilterUse> filters() {
        return forward.filters();
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
