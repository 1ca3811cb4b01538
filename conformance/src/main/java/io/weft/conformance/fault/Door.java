// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.fault;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A listening port that can be locked, so that the kernel refuses connections, and opened again. A
 * bound socket that does not listen keeps the port meanwhile.
 */
final class Door {

    private final Consumer<Socket> guests;
    private InetSocketAddress address;
    private @Nullable ServerSocket listener;
    private @Nullable Thread acceptor;
    private @Nullable Socket placeholder;

    Door(InetSocketAddress address, Consumer<Socket> guests) {
        this.address = address;
        this.guests = guests;
    }

    synchronized InetSocketAddress address() {
        return address;
    }

    synchronized void open() throws IOException {
        if (listener != null) {
            return;
        }
        ServerSocket opened = new ServerSocket();
        opened.setReuseAddress(true);
        opened.bind(address, 1024);
        address = (InetSocketAddress) opened.getLocalSocketAddress();
        listener = opened;
        leavePlace();
        acceptor = Thread.ofVirtual().start(() -> accept(opened));
    }

    synchronized void lock() throws IOException {
        if (listener == null) {
            return;
        }
        listener.close();
        listener = null;
        awaitAcceptor();
        Socket keeper = new Socket();
        keeper.setReuseAddress(true);
        keeper.bind(address);
        placeholder = keeper;
    }

    synchronized void close() throws IOException {
        if (listener != null) {
            listener.close();
        }
        leavePlace();
    }

    /** The kernel gives the port back only when the thread inside {@code accept} has left it. */
    private void awaitAcceptor() throws IOException {
        try {
            if (acceptor != null) {
                acceptor.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while locking " + address);
        }
    }

    private void leavePlace() throws IOException {
        if (placeholder != null) {
            placeholder.close();
            placeholder = null;
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                Socket client = from.accept();
                Thread.ofVirtual().start(() -> guests.accept(client));
            } catch (IOException _) {
                // Locked or closed; a failed handshake concerns only its client.
            }
        }
    }
}
