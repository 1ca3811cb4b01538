// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.model;

import io.weft.conformance.proxy.Endpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** A connection to an upstream. */
final class ModelLine {

    private final Endpoint endpoint;
    private final Socket socket;
    private final OutputStream out;
    private final Inbox in;
    private boolean used;

    private ModelLine(Endpoint endpoint, Socket socket, int capacity) throws IOException {
        this.endpoint = endpoint;
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.in = new Inbox(socket.getInputStream(), capacity);
    }

    static ModelLine connect(Endpoint endpoint, int capacity) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(endpoint.address(), 500);
            return new ModelLine(endpoint, socket, capacity);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Inbox in() {
        return in;
    }

    void write(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
    }

    /** Whether it has carried a request before this one. */
    boolean isReused() {
        return used;
    }

    void markUsed() {
        used = true;
    }

    /** Whether nothing came that nobody asked for, and nothing ended. */
    boolean isQuiet() {
        return in.isEmpty() && !in.ended();
    }

    void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }
}
