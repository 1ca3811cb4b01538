// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.weft.dataplane.balance.Cluster;
import io.weft.dataplane.http.FieldEdits;
import io.weft.dataplane.telemetry.Series;
import io.weft.policy.request.RequestView;
import java.util.List;

/**
 * The proof that a request may go to a destination, and all that is needed to send it there.
 * Forwarding takes one, and only {@link Admission} gives one out.
 */
public final class Permit {

    private static final byte[] NOTHING = {};

    private static final List<Copy> NOBODY = List.of();

    private final Cluster cluster;
    private final boolean toProxy;
    private final Terms terms;
    private final Series[] seriesByEndpoint;
    private final Series seriesWithoutEndpoint;
    private final byte[] shown;
    private final List<Copy> copies;
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
            Terms terms,
            Series[] seriesByEndpoint,
            Series seriesWithoutEndpoint) {
        this.cluster = cluster;
        this.toProxy = toProxy;
        this.terms = terms;
        this.seriesByEndpoint = seriesByEndpoint;
        this.seriesWithoutEndpoint = seriesWithoutEndpoint;
        this.shown = NOTHING;
        this.copies = NOBODY;
    }

    private Permit(Permit like, Terms terms, byte[] shown, List<Copy> copies) {
        this.cluster = like.cluster;
        this.toProxy = like.toProxy;
        this.terms = terms;
        this.seriesByEndpoint = like.seriesByEndpoint;
        this.seriesWithoutEndpoint = like.seriesWithoutEndpoint;
        this.shown = shown;
        this.copies = copies;
    }

    /** The same for a request whose user is shown to the receiver by these lines. */
    Permit showing(byte[] lines) {
        return new Permit(this, terms, lines, copies);
    }

    /** The same without header fields by which somebody might pretend to be a user. */
    Permit without(FieldEdits identityHeaders) {
        return new Permit(this, terms.without(identityHeaders), shown, copies);
    }

    /** The same for a request of which others get copies. */
    Permit copiedTo(List<Copy> others) {
        return new Permit(this, terms, shown, others);
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

    Terms terms() {
        return terms;
    }

    /** Whether it is for a copy, whose answer nobody sees. */
    boolean isCopy() {
        return terms.copy();
    }

    /** Who gets copies of the request. */
    List<Copy> copies() {
        return copies;
    }

    /** Header lines by which the receiver gets to know the user. */
    byte[] shown() {
        return shown;
    }

    /** What is added to an answer of this proxy's own. */
    FieldEdits failureEdits(RequestView request) {
        return terms.cors() == null ? FieldEdits.NONE : terms.cors().ofFailure(request);
    }

    /** The edits of the response to a request. */
    FieldEdits responseEdits(RequestView request) {
        return terms.cors() == null ? terms.responseEdits() : terms.cors().of(request);
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
