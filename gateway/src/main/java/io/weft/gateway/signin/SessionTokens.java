// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** The access tokens of sessions, renewed before they end. */
final class SessionTokens {

    private static final Logger LOG = LoggerFactory.getLogger(SessionTokens.class);

    private static final Duration RETRY = Duration.ofSeconds(5);

    /** A request takes a while to where its token is looked at. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(5);

    private final Sessions sessions;
    private final TokenEndpoint endpoint;
    private final Clock clock;

    SessionTokens(Sessions sessions, TokenEndpoint endpoint, Clock clock) {
        this.sessions = sessions;
        this.endpoint = endpoint;
        this.clock = clock;
    }

    /**
     * The token of a session, if it can be had at once; one that ends soon is renewed meanwhile.
     */
    @Nullable String atOnce(String id, Session session) {
        Instant now = clock.instant();
        Tokens tokens = session.tokens();
        if (now.isBefore(tokens.renewAt())) {
            return tokens.bearer();
        }
        if (tokens.refresh() != null) {
            renew(id, session, now);
        }
        return now.isBefore(tokens.ends().minus(ON_THE_WAY)) ? tokens.bearer() : null;
    }

    /**
     * The token of a session after a renewal. Empty when there is none: the issuer refuses, and the
     * session is over; or it is not there, and the session waits for it without a token.
     */
    Mono<String> renewed(String id, Session session) {
        Instant now = clock.instant();
        return Mono.fromFuture(renew(id, session, now), true)
                .map(Tokens::bearer)
                .onErrorResume(_ -> Mono.justOrEmpty(unexpired(session, now)));
    }

    private static @Nullable String unexpired(Session session, Instant now) {
        Tokens tokens = session.tokens();
        return now.isBefore(tokens.ends()) ? tokens.bearer() : null;
    }

    private CompletableFuture<Tokens> renew(String id, Session session, Instant now) {
        return session.renew(
                now,
                now.plus(RETRY),
                tokens -> endpoint.refresh(tokens).doOnError(why -> failed(id, why)));
    }

    private void failed(String id, Throwable why) {
        if (why instanceof RefusedSignInException) {
            LOG.info("a session is over: {}", why.getMessage());
            sessions.end(id);
        } else {
            LOG.warn("the token of a session could not be renewed: {}", why.toString());
        }
    }
}
