// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request as it reached an upstream. It appears once its head is whole and grows while its body
 * comes; of the body the first MiB is kept, of the message the first 256 KiB.
 */
public final class RecordedRequest {

    private static final int KEPT_BODY = 1024 * 1024;

    private final int connection;
    private final RequestHead head;
    private final List<String> departures;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private long bodyBytes;
    private Fields trailers = Fields.NONE;
    private boolean complete;
    private byte[] raw;

    RecordedRequest(int connection, RequestHead head, byte[] raw) {
        this.connection = connection;
        this.head = head;
        this.departures = new ArrayList<>(CanonicalForm.departures(head));
        this.raw = raw;
    }

    /** The number of the connection that it came on, from 1. */
    public int connection() {
        return connection;
    }

    public RequestHead head() {
        return head;
    }

    public String method() {
        return head.method();
    }

    public String target() {
        return head.target();
    }

    public Optional<String> header(String name) {
        return head.fields().first(name);
    }

    public synchronized byte[] body() {
        return body.toByteArray();
    }

    public synchronized long bodyBytes() {
        return bodyBytes;
    }

    public synchronized Fields trailers() {
        return trailers;
    }

    /** Whether all of it came; false for ever if the sender gave up. */
    public synchronized boolean complete() {
        return complete;
    }

    /** What keeps it from being canonical HTTP/1.1; empty if nothing does. */
    public synchronized List<String> departures() {
        return List.copyOf(departures);
    }

    /** The exact bytes. */
    public synchronized byte[] raw() {
        return raw.clone();
    }

    synchronized void received(byte[] block, int length) {
        body.write(block, 0, Math.min(length, KEPT_BODY - Math.min(KEPT_BODY, body.size())));
        bodyBytes += length;
    }

    synchronized void completed(Fields trailers, List<String> oddities, byte[] raw) {
        this.trailers = trailers;
        departures.addAll(CanonicalForm.trailerDepartures(trailers));
        departures.addAll(oddities);
        this.raw = raw;
        complete = true;
    }

    @Override
    public String toString() {
        return (complete() ? "" : "(incomplete) ") + Wire.shown(raw());
    }
}
