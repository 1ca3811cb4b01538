// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Somebody who is signed in. */
final class Session {

    private final String subject;
    private final @Nullable String sid;
    private final Instant ends;
    private volatile Tokens tokens;

    // Guarded by this.
    private @Nullable CompletableFuture<Tokens> renewal;
    private Instant renewNotBefore = Instant.MIN;

    /**
     * @param sid the issuer's name for its own session, if it has one
     * @param ends whatever happens
     */
    Session(String subject, @Nullable String sid, Instant ends, Tokens tokens) {
        this.subject = subject;
        this.sid = sid;
        this.ends = ends;
        this.tokens = tokens;
    }

    Tokens tokens() {
        return tokens;
    }

    boolean isOver(Instant now) {
        return !now.isBefore(ends);
    }

    /** Whether the issuer means this one: one session of its own, or all of a person. */
    boolean isOf(@Nullable String otherSid, @Nullable String otherSubject) {
        return (otherSid == null || otherSid.equals(sid))
                && (otherSubject == null || otherSubject.equals(subject));
    }

    /**
     * Gets new tokens, once for all who ask meanwhile: a refresh token that is used twice is taken
     * to be stolen. For the same reason nobody who leaves takes the attempt along.
     *
     * @param retryAt before then nobody tries again after a failure
     */
    synchronized CompletableFuture<Tokens> renew(
            Instant now, Instant retryAt, Function<Tokens, Mono<Tokens>> refresh) {
        if (renewal != null && (!renewal.isDone() || now.isBefore(renewNotBefore))) {
            return renewal;
        }
        renewNotBefore = retryAt;
        var begun = new CompletableFuture<Tokens>();
        refresh.apply(tokens)
                .doOnNext(fresh -> tokens = fresh)
                .subscribe(begun::complete, begun::completeExceptionally);
        renewal = begun;
        return begun;
    }
}
