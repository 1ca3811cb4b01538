// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/**
 * A client that sends exactly the bytes it is given and believes nothing it reads. Reads wait five
 * seconds unless told otherwise.
 */
public final class RawClient implements AutoCloseable {

    /**
     * The pause between two parts of one message. It gives the reader a chance to see the first
     * part alone; no verdict depends on whether it did.
     */
    private static final Duration PAUSE = Duration.ofMillis(1);

    private static final Duration BYTE_PAUSE = Duration.ofNanos(50_000);
    private static final int BYTEWISE = 1024;

    private final Socket socket;
    private final OutputStream out;
    private final WireReader in;
    private final HeadReader heads;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.in = new WireReader(socket.getInputStream());
        this.heads = new HeadReader(in);
    }

    public static RawClient connect(InetSocketAddress to) throws IOException {
        return connect(new Socket(), to);
    }

    /** A client that takes in no more than about {@code receiveBuffer} bytes that nobody reads. */
    public static RawClient connect(InetSocketAddress to, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBuffer);
        return connect(socket, to);
    }

    /** A client with another address of this machine. */
    public static RawClient connect(InetAddress from, InetSocketAddress to) throws IOException {
        return connect(bound(new Socket(), from), to);
    }

    /** A client that shows an identity. */
    public static RawClient connect(SSLContext tls, InetAddress from, InetSocketAddress to)
            throws IOException {
        return connect(bound(tls.getSocketFactory().createSocket(), from), to);
    }

    private static Socket bound(Socket socket, InetAddress from) throws IOException {
        socket.bind(new InetSocketAddress(from, 0));
        return socket;
    }

    private static RawClient connect(Socket socket, InetSocketAddress to) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(5_000);
            socket.connect(to, 5_000);
            return new RawClient(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** How long each later read waits before it fails with a timeout. */
    public RawClient patience(Duration patience) throws IOException {
        socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
        return this;
    }

    public void write(String text) throws IOException {
        write(Wire.bytes(text));
    }

    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Sends the bytes before {@code boundary}, and after a moment the others. */
    public void writeSplit(byte[] bytes, int boundary) throws IOException {
        write(Arrays.copyOf(bytes, boundary));
        LockSupport.parkNanos(PAUSE.toNanos());
        write(Arrays.copyOfRange(bytes, boundary, bytes.length));
    }

    /** Sends byte by byte, after the first KiB the rest at once. */
    public void writeBytewise(byte[] bytes) throws IOException {
        int single = Math.min(bytes.length, BYTEWISE);
        for (int i = 0; i < single; i++) {
            out.write(bytes[i]);
            LockSupport.parkNanos(BYTE_PAUSE.toNanos());
        }
        write(Arrays.copyOfRange(bytes, single, bytes.length));
    }

    /** Sends a whole request and reads the whole response to it. */
    public RawResponse exchange(String request) throws IOException {
        write(request);
        return readResponse(request.substring(0, request.indexOf(' ')));
    }

    /** The next head, interim ones included. */
    public ResponseHead readHead() throws IOException {
        return heads.response();
    }

    /** The body that belongs to the head just read, which answers a request with this method. */
    public BodyReader body(ResponseHead head, String method) throws IOException {
        return new BodyReader(in, Framing.of(head, method));
    }

    /** The next final response with its body. */
    public RawResponse readResponse(String method) throws IOException {
        List<ResponseHead> interim = new ArrayList<>();
        ResponseHead head = readHead();
        while (head.interim()) {
            interim.add(head);
            head = readHead();
        }
        BodyReader body = body(head, method);
        byte[] bytes = body.readAll();
        return new RawResponse(interim, head, bytes, body.trailers());
    }

    /** Everything that still comes. */
    public byte[] readUntilClose() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] block = new byte[8192];
        for (int n = in.read(block, 0, block.length); n >= 0; n = in.read(block, 0, block.length)) {
            all.write(block, 0, n);
        }
        return all.toByteArray();
    }

    /** Waits for the peer to end the connection; more bytes from it are malformed. */
    public Ending awaitEnd() throws IOException {
        byte[] more = readUntilClose();
        if (more.length > 0) {
            throw new MalformedMessage("unsolicited bytes: " + Wire.shown(more));
        }
        return in.ending();
    }

    /** Ends the connection with a RST. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
