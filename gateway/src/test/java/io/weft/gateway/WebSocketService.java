// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A service that greets every WebSocket with a field of its handshake and echoes its frames. */
final class WebSocketService implements AutoCloseable {

    private final DisposableServer server;

    private WebSocketService(DisposableServer server) {
        this.server = server;
    }

    static WebSocketService start() {
        return new WebSocketService(
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .route(
                                routes ->
                                        routes.ws(
                                                "/socket",
                                                (in, out) ->
                                                        out.sendObject(
                                                                in.aggregateFrames()
                                                                        .receiveFrames()
                                                                        .map(
                                                                                frame ->
                                                                                        frame
                                                                                                .retain()))))
                        .bindNow());
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
