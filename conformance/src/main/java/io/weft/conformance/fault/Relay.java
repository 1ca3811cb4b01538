// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.fault;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** One client connection and the upstream connection behind it. */
final class Relay {

    private final Socket client;
    private final Socket upstream = new Socket();
    private final InetSocketAddress address;
    private final FaultSwitch faults;
    private final AtomicLong bytesToUpstream;
    private volatile boolean answered;
    private volatile boolean vanished;

    Relay(
            Socket client,
            InetSocketAddress address,
            FaultSwitch faults,
            AtomicLong bytesToUpstream) {
        this.client = client;
        this.address = address;
        this.faults = faults;
        this.bytesToUpstream = bytesToUpstream;
    }

    /** Carries bytes both ways until both directions ended. */
    void run() {
        try {
            faults.awaitPassage();
            client.setTcpNoDelay(true);
            if (vanished) {
                swallow();
                return;
            }
            upstream.setTcpNoDelay(true);
            upstream.connect(address);
            Thread back =
                    Thread.ofVirtual().start(() -> carry(upstream, client, new TowardsClient()));
            carry(client, upstream, new TowardsUpstream());
            back.join();
            close();
        } catch (IOException _) {
            reset();
        } catch (InterruptedException _) {
            reset();
        }
    }

    void reset() {
        reset(client);
        reset(upstream);
    }

    /** Loses the upstream without the client learning of it. */
    void vanish() {
        vanished = true;
        reset(upstream);
    }

    private void carry(Socket from, Socket to, Lane.Gate gate) {
        try {
            Lane.carry(from, to, faults, gate);
            if (!vanished) {
                to.shutdownOutput();
            }
        } catch (IOException _) {
            afterFailure(from);
        } catch (InterruptedException _) {
            reset();
        }
    }

    /** What broke on one side breaks the other side too, unless nobody is to hear of it. */
    private void afterFailure(Socket from) {
        if (!vanished) {
            reset();
        } else if (from.equals(client)) {
            swallow();
        }
    }

    private void swallow() {
        byte[] block = new byte[8192];
        try (client) {
            while (client.getInputStream().read(block) >= 0) {
                // Taken, and never answered.
            }
        } catch (IOException _) {
            // The client gave up.
        }
    }

    private void close() throws IOException {
        client.close();
        upstream.close();
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException _) {
            // Closed already.
        }
    }

    private final class TowardsUpstream implements Lane.Gate {

        private boolean reused;

        @Override
        public int admit(int bytes) {
            reused = answered && faults.current() instanceof Fault.CloseOnReuse;
            if (vanished || reused) {
                return 0;
            }
            answered = false;
            bytesToUpstream.addAndGet(bytes);
            return bytes;
        }

        @Override
        public boolean goesOn() throws IOException {
            if (reused) {
                close();
            }
            return !reused;
        }
    }

    private final class TowardsClient implements Lane.Gate {

        private long passed;

        @Override
        public int admit(int bytes) {
            answered = true;
            long allowed =
                    faults.current() instanceof Fault.CloseAfter(long limit)
                            ? Math.clamp(limit - passed, 0, bytes)
                            : bytes;
            passed += allowed;
            return vanished ? 0 : (int) allowed;
        }

        @Override
        public boolean goesOn() throws IOException {
            if (faults.current() instanceof Fault.CloseAfter(long limit) && passed >= limit) {
                close();
                return false;
            }
            return true;
        }
    }
}
