// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** One request on one connection of an upstream, and every way to answer it, right or wrong. */
public final class Exchange {

    private final Socket socket;
    private final OutputStream out;
    private final WireReader in;
    private final BodyReader body;
    private final RecordedRequest request;
    private final RecordedConnection connection;
    private final String upstream;
    private final int ordinal;
    private boolean over;

    Exchange(
            Socket socket,
            WireReader in,
            BodyReader body,
            RecordedRequest request,
            RecordedConnection connection,
            String upstream,
            int ordinal)
            throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.in = in;
        this.body = body;
        this.request = request;
        this.connection = connection;
        this.upstream = upstream;
        this.ordinal = ordinal;
        completeIfEnded();
    }

    public RecordedRequest request() {
        return request;
    }

    public RequestHead head() {
        return request.head();
    }

    /** Which request of its connection this is, from 1. */
    public int ordinal() {
        return ordinal;
    }

    /** Reads what is left of the body and records it. */
    public void readBody() throws IOException {
        byte[] block = new byte[16 * 1024];
        while (readBody(block) >= 0) {
            // Recorded as it comes.
        }
    }

    /** Reads and records up to {@code block.length} bytes of the body; -1 at its end. */
    public int readBody(byte[] block) throws IOException {
        int n = body.read(block);
        if (n >= 0) {
            request.received(block, n);
        }
        completeIfEnded();
        return n;
    }

    public void write(String bytes) throws IOException {
        write(Wire.bytes(bytes));
    }

    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** A whole response with Content-Length; the name of this upstream is in X-Upstream. */
    public void answer(int status, String text, String... fieldLines) throws IOException {
        startAnswer(status, append(fieldLines, "Content-Length: " + text.length()));
        if (!head().method().equals("HEAD")) {
            write(text);
        }
    }

    /** The head of a response in chunks, which {@link #chunk} and {@link #endChunks} go on. */
    public void startChunks(int status, String... fieldLines) throws IOException {
        startAnswer(status, append(fieldLines, "Transfer-Encoding: chunked"));
    }

    public void chunk(String text) throws IOException {
        write(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    public void endChunks(String... trailerLines) throws IOException {
        write("0\r\n" + lines(trailerLines) + "\r\n");
    }

    /** The head of a response with these fields and X-Upstream. */
    public void startAnswer(int status, String... fieldLines) throws IOException {
        write(
                "HTTP/1.1 "
                        + status
                        + " Scripted\r\nX-Upstream: "
                        + upstream
                        + "\r\n"
                        + lines(fieldLines)
                        + "\r\n");
    }

    /**
     * Waits until the peer ends the connection; bytes of the request that still come are ignored.
     * The exchange is over then.
     *
     * @return how it ended, empty if it did not within {@code patience}
     */
    public Optional<Ending> awaitPeerGone(Duration patience) throws IOException {
        over = true;
        long deadline = System.nanoTime() + patience.toNanos();
        byte[] block = new byte[8192];
        while (true) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return Optional.empty();
            }
            socket.setSoTimeout(Math.toIntExact(left));
            try {
                if (in.read(block, 0, block.length) < 0) {
                    connection.endedBy(in.ending());
                    return Optional.of(in.ending());
                }
            } catch (SocketTimeoutException _) {
                return Optional.empty();
            }
        }
    }

    /** Sends a FIN; reading goes on. */
    public void finishWriting() throws IOException {
        socket.shutdownOutput();
    }

    public void close() throws IOException {
        over = true;
        socket.close();
    }

    /** Ends the connection with a RST, which may overtake what was written. */
    public void reset() throws IOException {
        over = true;
        socket.setSoLinger(true, 0);
        socket.close();
    }

    boolean over() {
        return over;
    }

    private void completeIfEnded() {
        if (body.ended() && !request.complete()) {
            request.completed(body.trailers(), body.oddities(), in.kept());
        }
    }

    private static String[] append(String[] lines, String line) {
        String[] more = Arrays.copyOf(lines, lines.length + 1);
        more[lines.length] = line;
        return more;
    }

    private static String lines(String... lines) {
        return lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
    }
}
