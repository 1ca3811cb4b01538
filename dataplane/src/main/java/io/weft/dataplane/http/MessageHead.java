// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import static io.weft.dataplane.http.FieldKind.CONTENT_LENGTH;
import static io.weft.dataplane.http.FieldKind.TRANSFER_ENCODING;

import io.weft.policy.request.HeaderName;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request or response: where its body ends, and whether its connection lives on.
 * There is exactly one way to tell the length of a body, or the message is refused (RFC 9112 §6.3
 * lets a proxy repair some of these; repairing is how smuggling works).
 */
public abstract class MessageHead extends FieldSection {

    /** {@link #contentLength()} of a message that has none. */
    public static final long NO_LENGTH = -1;

    /** Lengths have at most this many digits: more than any body. */
    private static final int MAX_LENGTH_DIGITS = 18;

    private boolean http10;
    private boolean chunked;
    private boolean close;
    private boolean keepAlive;
    private long contentLength = NO_LENGTH;

    MessageHead(HttpLimits limits) {
        super(limits, true);
    }

    @Override
    public void reset() {
        super.reset();
        http10 = false;
        chunked = false;
        close = false;
        keepAlive = false;
        contentLength = NO_LENGTH;
    }

    public boolean isHttp10() {
        return http10;
    }

    void http10(boolean yes) {
        http10 = yes;
    }

    public boolean isChunked() {
        return chunked;
    }

    /** The length that the message declares, or {@link #NO_LENGTH}. */
    public long contentLength() {
        return contentLength;
    }

    /** Whether the sender wants to use its connection again. */
    public boolean isPersistent() {
        return http10 ? keepAlive && !close : !close;
    }

    /** Reads the fields that frame the message. */
    @Override
    @Nullable HttpFault complete() {
        for (int i = 0; i < count(); i++) {
            FieldKind kind = kind(i);
            if (kind == FieldKind.PASS) {
                continue;
            }
            HttpFault fault =
                    switch (kind) {
                        case CONTENT_LENGTH -> readLength(i);
                        case TRANSFER_ENCODING -> readCoding(i);
                        case CONNECTION -> readConnection(i);
                        default -> field(kind, i);
                    };
            if (fault != null) {
                return fault;
            }
        }
        return chunked && (contentLength != NO_LENGTH || http10)
                ? HttpFault.AMBIGUOUS_LENGTH
                : null;
    }

    /** Reads a field that only means something in a request, or only in a response. */
    @Nullable HttpFault field(FieldKind kind, int field) {
        return null;
    }

    private @Nullable HttpFault readLength(int field) {
        int start = valueStart(field);
        int end = valueEnd(field);
        if (contentLength != NO_LENGTH) {
            return HttpFault.AMBIGUOUS_LENGTH;
        }
        boolean leadingZero = end - start > 1 && bytes()[start] == '0';
        if (start == end || end - start > MAX_LENGTH_DIGITS || leadingZero) {
            return HttpFault.BAD_LENGTH;
        }
        long value = 0;
        for (int i = start; i < end; i++) {
            int digit = bytes()[i] - '0';
            if (digit < 0 || digit > 9) {
                return HttpFault.BAD_LENGTH;
            }
            value = value * 10 + digit;
        }
        contentLength = value;
        return null;
    }

    private @Nullable HttpFault readCoding(int field) {
        if (chunked || !is(field, "chunked")) {
            return HttpFault.BAD_CODING;
        }
        chunked = true;
        return null;
    }

    /** Obeys the connection options, and drops the fields they name (RFC 9110 §7.6.1). */
    private @Nullable HttpFault readConnection(int field) {
        int end = valueEnd(field);
        int at = valueStart(field);
        while (at < end) {
            int next = at;
            while (next < end && bytes()[next] != ',') {
                next++;
            }
            int start = at;
            int stop = next;
            while (start < stop && isBlank(bytes()[start])) {
                start++;
            }
            while (stop > start && isBlank(bytes()[stop - 1])) {
                stop--;
            }
            HttpFault fault = start == stop ? null : readOption(start, stop);
            if (fault != null) {
                return fault;
            }
            at = next + 1;
        }
        return null;
    }

    private @Nullable HttpFault readOption(int start, int end) {
        if (is(start, end, "close")) {
            close = true;
            return null;
        }
        if (is(start, end, "keep-alive")) {
            keepAlive = true;
            return null;
        }
        int hash = 0;
        for (int i = start; i < end; i++) {
            byte lower = HeaderName.tokenByte(bytes()[i]);
            if (lower == 0) {
                return HttpFault.BAD_CONNECTION;
            }
            hash = HeaderName.hash(hash, lower);
        }
        if (FieldKind.of(bytes(), start, end, hash).mustNotBeNominated()) {
            return HttpFault.BAD_CONNECTION;
        }
        for (int i = 0; i < count(); i++) {
            if (sameName(i, start, end) && kind(i) == FieldKind.PASS) {
                drop(i);
            }
        }
        return null;
    }

    private boolean sameName(int field, int start, int end) {
        int nameStart = nameStart(field);
        if (nameEnd(field) - nameStart != end - start) {
            return false;
        }
        for (int i = 0; i < end - start; i++) {
            if (lower(bytes()[nameStart + i]) != lower(bytes()[start + i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether a field is an API key of the mesh, rather than one of the application's own. */
    boolean isMeshKey(int field) {
        return kind(field) == FieldKind.API_KEY
                && ApiKeyForm.isKey(bytes(), valueStart(field), valueEnd(field));
    }

    /** Whether a field goes on to the next receiver as it came. */
    boolean passes(int field, FieldEdits edits) {
        return kind(field).passes() && !edits.overrule(this, field);
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }

    /** Whether a field's value is this lower-case text, in whatever case. */
    boolean is(int field, String lowerCase) {
        return is(valueStart(field), valueEnd(field), lowerCase);
    }

    boolean is(int start, int end, String lowerCase) {
        if (end - start != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            if (lower(bytes()[start + i]) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
