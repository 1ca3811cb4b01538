// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.util.List;
import java.util.OptionalLong;

/** How a message says where its body ends (RFC 9112 §6.3). */
public sealed interface Framing {

    /** No body at all. */
    record None() implements Framing {}

    /** As many bytes as Content-Length says. */
    record Length(long bytes) implements Framing {}

    record Chunked() implements Framing {}

    /** Everything until the connection closes; responses only. */
    record UntilClose() implements Framing {}

    static Framing of(RequestHead head) throws MalformedMessage {
        OptionalLong length = length(head.fields());
        if (chunked(head.fields(), head.version())) {
            if (length.isPresent()) {
                throw new MalformedMessage("both Content-Length and Transfer-Encoding");
            }
            return new Chunked();
        }
        return length.isPresent() ? new Length(length.getAsLong()) : new None();
    }

    /** The framing of a response to a request with this method. */
    static Framing of(ResponseHead head, String method) throws MalformedMessage {
        OptionalLong length = length(head.fields());
        boolean chunked = chunked(head.fields(), head.version());
        if (chunked && length.isPresent()) {
            throw new MalformedMessage("both Content-Length and Transfer-Encoding");
        }
        if (head.interim()
                || head.status() == 204
                || head.status() == 304
                || method.equals("HEAD")) {
            return new None();
        }
        if (chunked) {
            return new Chunked();
        }
        return length.isPresent() ? new Length(length.getAsLong()) : new UntilClose();
    }

    private static boolean chunked(Fields fields, String version) throws MalformedMessage {
        List<String> codings = fields.all("Transfer-Encoding");
        if (codings.isEmpty()) {
            return false;
        }
        if (codings.size() != 1
                || !codings.getFirst().equalsIgnoreCase("chunked")
                || !version.equals("HTTP/1.1")) {
            throw new MalformedMessage("Transfer-Encoding: " + codings + " in " + version);
        }
        return true;
    }

    private static OptionalLong length(Fields fields) throws MalformedMessage {
        List<String> lengths = fields.all("Content-Length");
        if (lengths.isEmpty()) {
            return OptionalLong.empty();
        }
        String length = lengths.getFirst();
        if (lengths.size() != 1 || !Wire.isDigits(length) || length.length() > 18) {
            throw new MalformedMessage("Content-Length: " + lengths);
        }
        return OptionalLong.of(Long.parseLong(length));
    }
}
