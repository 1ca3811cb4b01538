// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/** The open connections of clients, and how they end. */
public final class Connections {

    private static final Duration DRAIN_POLL = Duration.ofMillis(20);

    private final Set<Member> open = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    /** A client's connection. */
    public interface Member {

        EventLoop loop();

        /** Ends it as soon as no request is being answered; called on its event loop. */
        void drain();

        /**
         * Ends it if whoever is at the other end would not be let in any more; called on its event
         * loop.
         */
        default void recheck() {}

        /** Cuts it off. */
        void close();
    }

    public void add(Member member) {
        open.add(member);
        if (draining) {
            member.loop().execute(member::drain);
        }
    }

    public void remove(Member member) {
        open.remove(member);
    }

    public int size() {
        return open.size();
    }

    /** Whether every response is to be the last one of its connection. */
    public boolean isDraining() {
        return draining;
    }

    /**
     * Ends all of them, each after the response it is waiting for; what is left after the patience
     * is cut off.
     */
    public Mono<Void> drain(Duration patience) {
        return Mono.defer(
                () -> {
                    draining = true;
                    open.forEach(each -> each.loop().execute(each::drain));
                    return Mono.delay(DRAIN_POLL)
                            .repeat(() -> !open.isEmpty())
                            .then()
                            .timeout(patience, Mono.fromRunnable(this::close));
                });
    }

    /** Whom to trust has changed: those that are in are looked at again. */
    void recheck() {
        open.forEach(each -> each.loop().execute(each::recheck));
    }

    /** Cuts all of them off. */
    public void close() {
        draining = true;
        open.forEach(Member::close);
    }
}
