// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.weft.dataplane.balance.Cluster;
import io.weft.dataplane.http.FieldEdits;
import io.weft.dataplane.telemetry.Series;
import io.weft.policy.route.Timeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The proof that a request may go to a destination, and all that is needed to send it there.
 * Forwarding takes one, and only {@link Admission} gives one out.
 */
public final class Permit {

    private static final byte[] NOTHING = {};

    private final Cluster cluster;
    private final boolean toProxy;
    private final FieldEdits requestEdits;
    private final FieldEdits responseEdits;
    private final long requestNanos;
    private final long attemptNanos;
    private final Series[] seriesByEndpoint;
    private final Series seriesWithoutEndpoint;
    private final byte[] shown;
    private final Admission.Outcome.Admitted admitted = new Admission.Outcome.Admitted(this);

    /**
     * @param toProxy whether the cluster's endpoints are proxies like this one, which are believed
     *     when they say that a request was not processed; an application is not
     * @param seriesByEndpoint the counters for each endpoint of the cluster
     * @param seriesWithoutEndpoint the counters for requests that reached none
     */
    Permit(
            Cluster cluster,
            boolean toProxy,
            FieldEdits requestEdits,
            FieldEdits responseEdits,
            Timeouts timeouts,
            Series[] seriesByEndpoint,
            Series seriesWithoutEndpoint) {
        this.cluster = cluster;
        this.toProxy = toProxy;
        this.requestEdits = requestEdits;
        this.responseEdits = responseEdits;
        this.requestNanos = nanos(timeouts.request());
        this.attemptNanos = nanos(timeouts.attempt());
        this.seriesByEndpoint = seriesByEndpoint;
        this.seriesWithoutEndpoint = seriesWithoutEndpoint;
        this.shown = NOTHING;
    }

    private Permit(Permit like, FieldEdits requestEdits, byte[] shown) {
        this.cluster = like.cluster;
        this.toProxy = like.toProxy;
        this.requestEdits = requestEdits;
        this.responseEdits = like.responseEdits;
        this.requestNanos = like.requestNanos;
        this.attemptNanos = like.attemptNanos;
        this.seriesByEndpoint = like.seriesByEndpoint;
        this.seriesWithoutEndpoint = like.seriesWithoutEndpoint;
        this.shown = shown;
    }

    /** The same for a request whose user is shown to the receiver by these lines. */
    Permit showing(byte[] lines) {
        return new Permit(this, requestEdits, lines);
    }

    /** The same without header fields by which somebody might pretend to be a user. */
    Permit without(FieldEdits identityHeaders) {
        return new Permit(this, identityHeaders, shown);
    }

    private static long nanos(@Nullable Duration duration) {
        return duration == null ? 0 : duration.toNanos();
    }

    /** This permit as an outcome, made once. */
    Admission.Outcome.Admitted admitted() {
        return admitted;
    }

    Cluster cluster() {
        return cluster;
    }

    boolean isToProxy() {
        return toProxy;
    }

    /** Whether an endpoint of the cluster is an agent, which looks at credentials itself. */
    boolean isToAgent(int endpoint) {
        return toProxy && cluster.endpoint(endpoint).instance().mtls();
    }

    FieldEdits requestEdits() {
        return requestEdits;
    }

    /** Header lines by which the receiver gets to know the user. */
    byte[] shown() {
        return shown;
    }

    FieldEdits responseEdits() {
        return responseEdits;
    }

    /** The limit of the whole request; 0 for none. */
    long requestNanos() {
        return requestNanos;
    }

    /** The limit of one attempt; 0 for none. */
    long attemptNanos() {
        return attemptNanos;
    }

    /**
     * The counters for requests that ended here.
     *
     * @param endpoint the index of an endpoint of the cluster, or -1
     */
    Series series(int endpoint) {
        return endpoint < 0 ? seriesWithoutEndpoint : seriesByEndpoint[endpoint];
    }
}
