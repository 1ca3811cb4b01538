// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.balance;

import io.weft.dataplane.loop.Worker;
import io.weft.dataplane.upstream.Endpoint;
import java.util.List;

/**
 * The endpoints of one destination, and the choice between them: of two picked at random, the one
 * where a request would wait less (power of two choices over peak EWMA). Immutable; the endpoints'
 * state outlives it.
 */
public final class Cluster {

    private final String name;
    private final Endpoint[] endpoints;

    public Cluster(String name, List<Endpoint> endpoints) {
        this.name = name;
        this.endpoints = endpoints.toArray(Endpoint[]::new);
    }

    /** The destination, as policies and metrics write it. */
    public String name() {
        return name;
    }

    public int size() {
        return endpoints.length;
    }

    /** The endpoint at an index below {@link #size()}. */
    public Endpoint endpoint(int index) {
        return endpoints[index];
    }

    /**
     * The index of the endpoint for a request, or -1 when there is none left. While no endpoint is
     * known to be reachable, all of them are tried.
     *
     * @param avoid the index of an endpoint that has just failed this request, or -1
     * @param now in {@link System#nanoTime()}
     */
    public int choose(Worker worker, int avoid, long now) {
        int count = endpoints.length;
        if (count == 0 || count == 1 && avoid == 0) {
            return -1;
        }
        if (count == 1) {
            return 0;
        }
        int first = worker.random(count);
        int second = worker.random(count - 1);
        if (second >= first) {
            second++;
        }
        boolean firstFits = fits(first, avoid);
        boolean secondFits = fits(second, avoid);
        if (firstFits && secondFits) {
            return cost(worker, first, now) <= cost(worker, second, now) ? first : second;
        }
        if (firstFits || secondFits) {
            return firstFits ? first : second;
        }
        return firstFitting(first, avoid);
    }

    private boolean fits(int index, int avoid) {
        return index != avoid && endpoints[index].isReachable();
    }

    private double cost(Worker worker, int index, long now) {
        return endpoints[index].lane(worker).cost(now);
    }

    private int firstFitting(int start, int avoid) {
        int other = -1;
        for (int i = 0; i < endpoints.length; i++) {
            int index = (start + i) % endpoints.length;
            if (fits(index, avoid)) {
                return index;
            }
            if (index != avoid && other < 0) {
                other = index;
            }
        }
        return other;
    }
}
