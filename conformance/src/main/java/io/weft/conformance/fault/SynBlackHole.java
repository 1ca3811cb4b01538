// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.fault;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A loopback address whose connection attempts are never answered: a listener that accepts nothing
 * and whose backlog is full, so that the kernel drops every further SYN.
 */
public final class SynBlackHole implements AutoCloseable {

    private static final int MORE_THAN_ANY_BACKLOG = 64;

    private final ServerSocket listener;
    private final List<Socket> fillers = new ArrayList<>();

    private SynBlackHole(ServerSocket listener) {
        this.listener = listener;
    }

    public static SynBlackHole open() throws IOException {
        SynBlackHole hole =
                new SynBlackHole(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        hole.fill();
        return hole;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket filler : fillers) {
            filler.close();
        }
    }

    private void fill() throws IOException {
        for (int i = 0; i < MORE_THAN_ANY_BACKLOG; i++) {
            Socket filler = new Socket();
            fillers.add(filler);
            try {
                filler.connect(address(), 200);
            } catch (SocketTimeoutException _) {
                return;
            }
        }
        close();
        throw new IOException("the kernel does not drop connection attempts of a full backlog");
    }
}
