// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.exchange;

import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.failure.Refusal;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** What people with browsers are answered instead of a problem document. */
@FunctionalInterface
public interface Invitation {

    /** Nobody is answered otherwise than programs are. */
    Invitation NONE = (_, _, _) -> null;

    /** Writes an answer; null when the request is to be answered as a program's. */
    @Nullable Mono<Void> answer(ServerWebExchange exchange, Failure failure, Refusal refusal);
}
