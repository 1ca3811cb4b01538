// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.port;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** Hands out ports: the documented one if nobody has it, else one that is easy to tell from it. */
public final class Ports implements AutoCloseable {

    /** 8080 becomes 18080. Below 32768 no operating system takes ports for outgoing connections. */
    private static final int STEP = 10_000;

    private static final int TRIES = 500;
    private static final int PROBE_MILLIS = 200;

    private final List<Claim> claims = new CopyOnWriteArrayList<>();

    /**
     * Claims a port on 127.0.0.1.
     *
     * @throws IOException if there is no free port near
     */
    public Claim claim(int wanted) throws IOException {
        for (int port : IntStream.concat(IntStream.of(wanted), replacements(wanted)).toArray()) {
            Optional<ServerSocket> held = hold(port);
            if (held.isPresent()) {
                Claim claim = new Claim(wanted, port, held.get());
                claims.add(claim);
                return claim;
            }
        }
        throw new IOException("no free port found for " + wanted);
    }

    /** Those whose documented port was taken. */
    public List<Claim> moved() {
        return claims.stream().filter(Claim::moved).toList();
    }

    /** Lets go of everything that was not released. */
    @Override
    public void close() {
        claims.forEach(Claim::release);
    }

    private static IntStream replacements(int wanted) {
        int from = wanted + STEP <= 32_000 ? wanted + STEP : wanted + 1;
        return IntStream.range(from, Math.min(from + TRIES, 65_536));
    }

    private static Optional<ServerSocket> hold(int port) throws IOException {
        if (answers("127.0.0.1", port) || answers("::1", port)) {
            return Optional.empty();
        }
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1);
            return Optional.of(socket);
        } catch (IOException busy) {
            socket.close();
            return Optional.empty();
        }
    }

    /**
     * Binding alone does not tell: macOS lets us bind 127.0.0.1 beside somebody's 0.0.0.0, and
     * somebody on ::1 would get what people send to localhost.
     */
    private static boolean answers(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.ofLiteral(address), port), PROBE_MILLIS);
            return true;
        } catch (IOException nobodyThere) {
            return false;
        }
    }
}
