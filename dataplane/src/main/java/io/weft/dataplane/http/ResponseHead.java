// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import org.jspecify.annotations.Nullable;

/** The head of a response. */
public final class ResponseHead extends MessageHead {

    private static final int STATUS_END = "HTTP/1.1 200".length();

    private int status;
    private int reasonStart;
    private int reasonEnd;
    private boolean unprocessed;
    private int keepAliveSeconds = -1;

    public ResponseHead(HttpLimits limits) {
        super(limits);
    }

    @Override
    public void reset() {
        super.reset();
        status = 0;
        unprocessed = false;
        keepAliveSeconds = -1;
    }

    @Override
    boolean isStartLineByte(byte b) {
        return b >= 0x20 && b != 0x7f || b == '\t' || b < 0;
    }

    @Override
    HttpFault badStartLine() {
        return HttpFault.BAD_STATUS_LINE;
    }

    @Override
    @Nullable HttpFault startLine(int start, int end) {
        byte[] b = bytes();
        int statusEnd = start + STATUS_END;
        if (end < statusEnd
                || !is(start, start + 7, "http/1.")
                || b[start] != 'H'
                || b[start + 7] != '0' && b[start + 7] != '1'
                || b[start + 8] != ' '
                || end > statusEnd && b[statusEnd] != ' ') {
            return HttpFault.BAD_STATUS_LINE;
        }
        http10(b[start + 7] == '0');
        for (int i = start + 9; i < statusEnd; i++) {
            int digit = b[i] - '0';
            if (digit < 0 || digit > 9) {
                return HttpFault.BAD_STATUS_LINE;
            }
            status = status * 10 + digit;
        }
        reasonStart = Math.min(statusEnd + 1, end);
        reasonEnd = end;
        return status < 100 ? HttpFault.BAD_STATUS_LINE : null;
    }

    @Override
    @Nullable HttpFault field(FieldKind kind, int field) {
        if (kind == FieldKind.UNPROCESSED) {
            unprocessed = true;
        } else if (kind == FieldKind.KEEP_ALIVE) {
            keepAliveSeconds = keepAliveTimeout(field);
        }
        return null;
    }

    /** The number in {@code timeout=5, max=100}, or -1. */
    private int keepAliveTimeout(int field) {
        String value = text(valueStart(field), valueEnd(field));
        int at = value.indexOf("timeout=");
        if (at < 0) {
            return -1;
        }
        int seconds = 0;
        int i = at + "timeout=".length();
        int digits = 0;
        while (i < value.length() && Character.isDigit(value.charAt(i)) && digits < 6) {
            seconds = seconds * 10 + value.charAt(i) - '0';
            i++;
            digits++;
        }
        return digits == 0 ? -1 : seconds;
    }

    public int status() {
        return status;
    }

    /** Whether this only announces the response proper (RFC 9110 §15.2). */
    public boolean isInterim() {
        return status < 200;
    }

    /**
     * Whether a body follows.
     *
     * @param toHead whether it answers a HEAD request
     */
    public boolean hasBody(boolean toHead) {
        return !toHead && status >= 200 && status != 204 && status != 304;
    }

    /** Whether the next proxy says that the request never reached the service. */
    public boolean isUnprocessed() {
        return unprocessed && status == 503;
    }

    /** For how long the sender keeps an idle connection, in seconds, or -1 when it does not say. */
    public int keepAliveSeconds() {
        return keepAliveSeconds;
    }

    /**
     * Hands out the fields that go on to the client, for hosts that do not send bytes.
     *
     * @param edits of the policy
     */
    public void forEachPassing(FieldEdits edits, FieldConsumer consumer) {
        for (int i = 0; i < count(); i++) {
            if (passes(i, edits)) {
                consumer.field(text(nameStart(i), nameEnd(i)), text(valueStart(i), valueEnd(i)));
            }
        }
        edits.forEachAdded(consumer);
    }

    int reasonStart() {
        return reasonStart;
    }

    int reasonEnd() {
        return reasonEnd;
    }
}
