// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.core.Ordered;

/**
 * The way of a request, from the socket to the engine and back, and of the application's life: what
 * runs before what. The framework's own places are here too, so that this is the whole list.
 */
enum RequestPath {

    // ---- Handler mappings: whose is the request?

    /** The few paths on which people sign in and out, where they can. */
    SIGN_IN_MAPPING(Ordered.HIGHEST_PRECEDENCE),
    /** The policy is asked before everybody else. */
    POLICY_MAPPING(Ordered.HIGHEST_PRECEDENCE + 1),
    /** Router functions and controllers of the user (framework). */
    USER_HANDLERS(-1),
    /** Spring Cloud Gateway's own routes (framework, a property). */
    SPRING_ROUTES(1),

    // ---- Filters of a route, on the way in and, from the last to the first, on the way out.

    /** Whose session is it? Before ADMISSION, for of one order global filters come first. */
    SESSION(Ordered.HIGHEST_PRECEDENCE),
    /** On policy routes: may it? */
    ADMISSION(Ordered.HIGHEST_PRECEDENCE),
    /** On the user's own routes: have they been opened? */
    OPEN_ROUTES(Ordered.HIGHEST_PRECEDENCE),
    /** Bodies that predicates have read (framework: RemoveCachedBody, AdaptCachedBody). */
    CACHED_BODY(Ordered.HIGHEST_PRECEDENCE + 1_000),
    /** On policy routes: writes the response on the way out; as NettyWriteResponseFilter. */
    WRITE_RESPONSE(-1),
    /** Makes the URL of the target (framework). */
    ROUTE_TO_URL(10_000),
    /** Picks an instance for lb: targets (framework). */
    LOAD_BALANCER(10_150),
    /** Sends to ws:, http: and forward: targets (framework). */
    FRAMEWORK_ROUTING(Ordered.LOWEST_PRECEDENCE),
    /** On policy routes: hands over to the engine; behind every global filter of the same order. */
    DISPATCH(Ordered.LOWEST_PRECEDENCE),

    // ---- Errors

    /** Before Spring Boot's handler at -1. */
    ERRORS(-2),

    // ---- Server customizers

    /** After Spring Boot's, which set what we must have otherwise. */
    GUARD(Ordered.LOWEST_PRECEDENCE),

    // ---- Phases of the application's life; they start from low to high and stop from high to low.

    /** Follow the control plane. */
    FOLLOW(0),
    /** Drain before anybody else ends a connection, and while the management port still answers. */
    DRAIN(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 512);

    private final int order;

    RequestPath(int order) {
        this.order = order;
    }

    int order() {
        return order;
    }
}
