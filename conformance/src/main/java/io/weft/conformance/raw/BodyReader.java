// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of one message, read as it comes. The end that {@link #read} reports is the end the
 * framing promised; any other end is a {@link CutMessage}.
 */
public final class BodyReader {

    private static final int MAX_WHOLE = 256 * 1024 * 1024;

    private final WireReader in;
    private final Framing framing;
    private final List<String> oddities = new ArrayList<>();
    private Fields trailers = Fields.NONE;
    private long remaining;
    private boolean started;
    private boolean ended;

    BodyReader(WireReader in, Framing framing) {
        this.in = in;
        this.framing = framing;
        this.remaining = framing instanceof Framing.Length(long bytes) ? bytes : 0;
        this.ended =
                framing instanceof Framing.None
                        || (framing instanceof Framing.Length(long n) && n == 0);
    }

    public Framing framing() {
        return framing;
    }

    /** Up to {@code to.length} bytes, at least one, or -1 at the end of the body. */
    public int read(byte[] to) throws IOException {
        if (ended) {
            return -1;
        }
        return switch (framing) {
            case Framing.None _ -> -1;
            case Framing.Length _ -> counted(to);
            case Framing.Chunked _ -> chunked(to);
            case Framing.UntilClose _ -> untilClose(to);
        };
    }

    /** What is left of the body, all of it. */
    public byte[] readAll() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] block = new byte[8192];
        for (int n = read(block); n >= 0; n = read(block)) {
            if (all.size() > MAX_WHOLE) {
                throw new IOException("body too large to keep whole");
            }
            all.write(block, 0, n);
        }
        return all.toByteArray();
    }

    /** The trailer fields; none before the end of the body. */
    public Fields trailers() {
        return trailers;
    }

    boolean ended() {
        return ended;
    }

    /** What was legal in the chunks but that no proxy should write, such as extensions. */
    List<String> oddities() {
        return List.copyOf(oddities);
    }

    private int counted(byte[] to) throws IOException {
        int n = in.read(to, 0, (int) Math.min(to.length, remaining));
        if (n < 0) {
            throw in.cut(remaining + " bytes before the end of the body");
        }
        remaining -= n;
        ended = remaining == 0;
        return n;
    }

    private int untilClose(byte[] to) throws IOException {
        int n = in.read(to, 0, to.length);
        if (n >= 0) {
            return n;
        }
        if (in.ending() == Ending.RESET) {
            throw in.cut("in a body that a close should end");
        }
        ended = true;
        return -1;
    }

    private int chunked(byte[] to) throws IOException {
        if (remaining == 0 && !nextChunk()) {
            return -1;
        }
        int n = in.read(to, 0, (int) Math.min(to.length, remaining));
        if (n < 0) {
            throw in.cut("in a chunk");
        }
        remaining -= n;
        return n;
    }

    private boolean nextChunk() throws IOException {
        if (started) {
            in.expect('\r', "after chunk data");
            in.expect('\n', "after chunk data");
        }
        started = true;
        remaining = chunkSize(in.line("in chunk size"));
        if (remaining > 0) {
            return true;
        }
        trailers = new HeadReader(in).fields("in trailer");
        ended = true;
        return false;
    }

    private long chunkSize(String line) throws MalformedMessage {
        int semicolon = line.indexOf(';');
        String size = semicolon < 0 ? line : line.substring(0, semicolon);
        if (semicolon >= 0) {
            oddities.add("chunk extension: " + line);
        }
        if (size.isEmpty()
                || size.length() > 15
                || !size.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x7f)) {
            throw new MalformedMessage("chunk size: " + Wire.shown(Wire.bytes(line)));
        }
        if (size.length() > 1 && size.startsWith("0")) {
            oddities.add("chunk size with leading zero: " + line);
        }
        return Long.parseLong(size, 16);
    }
}
