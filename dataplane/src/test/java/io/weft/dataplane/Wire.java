// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One end of a connection, read and written as plainly as a test needs it. */
public final class Wire implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;
    private final AtomicInteger messages;

    Wire(Socket socket, AtomicInteger messages) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.messages = messages;
    }

    public static Wire to(int port) throws IOException {
        return of(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    public static Wire of(Socket socket) throws IOException {
        return new Wire(socket, new AtomicInteger());
    }

    /** A message; lines of the head without their ends, chunks of the body joined. */
    public record Message(List<String> head, String body) {

        public String start() {
            return head.getFirst();
        }

        public int status() {
            return Integer.parseInt(start().split(" ", 3)[1]);
        }

        public @Nullable String header(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            return head.stream()
                    .skip(1)
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(line -> line.substring(prefix.length()).strip())
                    .findFirst()
                    .orElse(null);
        }

        private boolean isChunked() {
            return header("transfer-encoding") != null;
        }
    }

    public void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The head of the next message, or null at the end of the connection. */
    public @Nullable Message head() throws IOException {
        var lines = new ByteArrayOutputStream();
        while (!endsHead(lines.toByteArray())) {
            int b = in.read();
            if (b < 0) {
                if (lines.size() == 0) {
                    return null;
                }
                throw new EOFException("within a head: " + lines);
            }
            lines.write(b);
        }
        messages.incrementAndGet();
        return new Message(List.of(lines.toString(StandardCharsets.ISO_8859_1).split("\r\n")), "");
    }

    private static boolean endsHead(byte[] bytes) {
        int n = bytes.length;
        return n >= 4
                && bytes[n - 4] == '\r'
                && bytes[n - 3] == '\n'
                && bytes[n - 2] == '\r'
                && bytes[n - 1] == '\n';
    }

    /** The next message, or null at the end of the connection. */
    public @Nullable Message message() throws IOException {
        Message head = head();
        return head == null ? null : withBody(head);
    }

    /** The answer to a request that is written here. */
    public Message ask(String request) throws IOException {
        write(request);
        return answer();
    }

    public Message answer() throws IOException {
        Message answer = message();
        if (answer == null) {
            throw new EOFException("there is no answer");
        }
        return answer;
    }

    /** The same message, with the body that its head announces. */
    public Message withBody(Message head) throws IOException {
        String length = head.header("content-length");
        if (head.isChunked()) {
            return new Message(head.head(), text(chunks()));
        }
        return new Message(
                head.head(), length == null ? "" : text(bytes(Integer.parseInt(length))));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private byte[] chunks() throws IOException {
        var all = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(), 16);
            if (size == 0) {
                while (!line().isEmpty()) {
                    // Trailers are not looked at.
                }
                return all.toByteArray();
            }
            all.writeBytes(bytes(size));
            bytes(2);
        }
    }

    public String line() throws IOException {
        var line = new StringBuilder();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("within a line: " + line);
            }
            if (b == '\n') {
                return line.toString().stripTrailing();
            }
            line.append((char) b);
        }
    }

    public byte[] bytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException(bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    /** Whether the other end has closed; waits for it. */
    public boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    /** What comes until the other end closes. */
    public String rest() throws IOException {
        return text(in.readAllBytes());
    }

    /** Answers every request that comes with 200 and this body. */
    public void serveAll(String body) throws IOException {
        while (message() != null) {
            write(ok(body));
        }
    }

    public static String ok(String body) {
        return "HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    }

    public static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nhost: orders\r\n\r\n";
    }

    /** Cuts the connection off with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
