// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.model;

import io.weft.conformance.raw.Field;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A body, taken off a connection by its framing. */
final class ModelBody {

    private static final long UNTIL_CLOSE = -3;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern SIZE_LINE =
            Pattern.compile("[0-9a-fA-F]{1,15}(;" + TOKEN + "(=(" + TOKEN + "|\"[^\"\\\\]*\"))?)*");

    private final Inbox in;
    private final long idleNanos;
    private final boolean forgiving;
    private final boolean chunked;
    private final boolean untilClose;
    private long remaining;
    private boolean inChunk;
    private boolean done;
    private List<Field> trailers = List.of();

    private ModelBody(Inbox in, long length, long idleNanos, boolean forgiving) {
        this.in = in;
        this.idleNanos = idleNanos;
        this.forgiving = forgiving;
        this.chunked = length == -1;
        this.untilClose = length == UNTIL_CLOSE;
        this.remaining = Math.max(0, length);
        this.done = length == 0 || length == -2;
    }

    /** Of a request; a byte must come every second. */
    static ModelBody ofRequest(Inbox in, long length, boolean forgiving) {
        return new ModelBody(in, length, TimeUnit.SECONDS.toNanos(1), forgiving);
    }

    static ModelBody ofResponse(Inbox in, long length, boolean none) {
        return new ModelBody(in, none ? 0 : length == -2 ? UNTIL_CLOSE : length, 0, false);
    }

    boolean isChunked() {
        return chunked || untilClose;
    }

    boolean done() {
        return done;
    }

    boolean untilClose() {
        return untilClose;
    }

    List<Field> trailers() {
        return trailers;
    }

    /** Some bytes, or -1 at the end of the body. */
    int read(byte[] block) throws IOException, Refusal {
        if (done) {
            return -1;
        }
        try {
            if (idleNanos > 0) {
                in.deadline(System.nanoTime() + idleNanos);
            }
            return untilClose ? rest(block) : chunked ? chunk(block) : counted(block);
        } catch (SocketTimeoutException e) {
            if (idleNanos > 0) {
                throw Refusal.ending(408, "slow-body");
            }
            throw e;
        } finally {
            if (idleNanos > 0) {
                in.noDeadline();
            }
        }
    }

    private int rest(byte[] block) throws IOException {
        int n = in.read(block, block.length);
        if (n < 0) {
            if (in.wasReset()) {
                throw new IOException("reset");
            }
            done = true;
        }
        return n;
    }

    private int counted(byte[] block) throws IOException {
        int n = in.read(block, (int) Math.min(block.length, remaining));
        if (n < 0) {
            throw new IOException("body cut");
        }
        remaining -= n;
        done = remaining == 0;
        return n;
    }

    private int chunk(byte[] block) throws IOException, Refusal {
        if (remaining == 0) {
            if (inChunk) {
                endOfChunk();
            }
            remaining = size();
            inChunk = true;
            if (remaining == 0) {
                trailers = ModelHead.trailers(in);
                done = true;
                return -1;
            }
        }
        int n = in.read(block, (int) Math.min(block.length, remaining));
        if (n < 0) {
            throw new IOException("chunk cut");
        }
        remaining -= n;
        return n;
    }

    private void endOfChunk() throws IOException, Refusal {
        if (forgiving) {
            while (in.read() != '\n') {
                // A flaw: anything up to a line feed.
            }
        } else {
            expect('\r');
            expect('\n');
        }
    }

    private long size() throws IOException, Refusal {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\r'; b = in.read()) {
            if (b < 0) {
                throw new IOException("chunk cut");
            }
            boolean extension = line.indexOf(";") >= 0;
            boolean digit = Character.digit(b, 16) >= 0 && b < 0x7f && line.length() < 15;
            if (!(extension || digit || (b == ';' && !line.isEmpty())) || b < 0x20 || b > 0x7e) {
                throw Refusal.ending(400, "bad-chunk-size");
            }
            line.append((char) b);
            if (line.length() > 1000) {
                throw Refusal.ending(413, "long-chunk-extension");
            }
        }
        expect('\n');
        if (!SIZE_LINE.matcher(line).matches()) {
            throw Refusal.ending(400, "bad-chunk-extension");
        }
        return Long.parseLong(line, 0, endOfSize(line), 16);
    }

    private static int endOfSize(StringBuilder line) {
        int semicolon = line.indexOf(";");
        return semicolon < 0 ? line.length() : semicolon;
    }

    private void expect(char wanted) throws IOException, Refusal {
        int b = in.read();
        if (b < 0) {
            throw new IOException("chunk cut");
        }
        if (b != wanted) {
            throw Refusal.ending(400, "bad-chunk-end");
        }
    }
}
