// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.upstream;

import io.weft.dataplane.identity.MutualTls;
import io.weft.dataplane.loop.Worker;
import io.weft.policy.feed.Instance;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An instance as this proxy knows it. Its state is shared by all routes and lives as long as the
 * instance is known, whatever happens to the policy.
 */
public final class Endpoint {

    private static final String VERSION = "version";

    private final Instance instance;
    private final InetSocketAddress address;
    private final UpstreamSettings settings;
    private final @Nullable MutualTls tls;
    private final @Nullable Lane[] lanes;

    /** Set by the loop that finds the endpoint unreachable, read by all: rarely written. */
    private volatile boolean out;

    private volatile boolean removed;

    /**
     * @param tls how it is called, or null to call it in clear
     * @param loops how many event loops may use it
     */
    public Endpoint(
            Instance instance,
            InetSocketAddress address,
            UpstreamSettings settings,
            @Nullable MutualTls tls,
            int loops) {
        this.instance = instance;
        this.address = address;
        this.settings = settings;
        this.tls = tls;
        this.lanes = new Lane[loops];
    }

    public Instance instance() {
        return instance;
    }

    public InetSocketAddress address() {
        return address;
    }

    UpstreamSettings settings() {
        return settings;
    }

    @Nullable MutualTls tls() {
        return tls;
    }

    /** The instance's version label, or empty. */
    public String version() {
        return instance.labels().getOrDefault(VERSION, "");
    }

    /** The state of this endpoint on one event loop. */
    public Lane lane(Worker worker) {
        Lane lane = lanes[worker.index()];
        if (lane == null) {
            lane = new Lane(this, worker);
            lanes[worker.index()] = lane;
        }
        return lane;
    }

    /** Whether it was reachable when it was last tried. */
    public boolean isReachable() {
        return !out;
    }

    void reachable(boolean yes) {
        out = !yes;
    }

    boolean isRemoved() {
        return removed;
    }

    /** The instance is gone: requests on it may end, and connections are not kept. */
    public void remove() {
        removed = true;
        for (Lane lane : lanes) {
            if (lane != null) {
                lane.worker().loop().execute(lane::closeIdle);
            }
        }
    }

    @Override
    public String toString() {
        return instance.service() + " at " + address;
    }
}
