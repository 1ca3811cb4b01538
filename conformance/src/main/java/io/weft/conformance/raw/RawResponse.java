// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.util.List;
import java.util.Optional;

/** A whole response, and the interim ones that came before it. */
public final class RawResponse {

    private final List<ResponseHead> interim;
    private final ResponseHead head;
    private final byte[] body;
    private final Fields trailers;

    RawResponse(List<ResponseHead> interim, ResponseHead head, byte[] body, Fields trailers) {
        this.interim = List.copyOf(interim);
        this.head = head;
        this.body = body;
        this.trailers = trailers;
    }

    public int status() {
        return head.status();
    }

    public ResponseHead head() {
        return head;
    }

    public Optional<String> header(String name) {
        return head.fields().first(name);
    }

    public byte[] body() {
        return body.clone();
    }

    public String text() {
        return Wire.text(body);
    }

    public Fields trailers() {
        return trailers;
    }

    /** The 1xx heads that came before the response. */
    public List<ResponseHead> interim() {
        return interim;
    }

    @Override
    public String toString() {
        return head + "\n\n" + Wire.shown(body);
    }
}
