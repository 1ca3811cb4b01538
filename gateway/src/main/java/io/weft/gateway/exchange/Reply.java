// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.exchange;

import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/** What came back for a request: status and header fields stand in Spring's response already. */
public interface Reply {

    /** Writes the body. */
    Mono<Void> writeTo(ServerHttpResponse response);

    /** Nobody wants the rest of it; can be said again. */
    void giveUp();
}
