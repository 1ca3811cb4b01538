// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.weft.gateway.settings.SignInSettings;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/**
 * Those who are signed in, by the value of their cookie. They are kept in memory: whoever is still
 * signed in at the issuer is back after a restart without being asked anything.
 */
final class Sessions {

    /** About 10 KB each; who comes back after being dropped signs in again. */
    private static final long MOST = 20_000;

    private static final int ID_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Cache<String, Session> byId;
    private final Duration atMost;
    private final Clock clock;

    Sessions(SignInSettings settings, Clock clock) {
        this.byId =
                Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(settings.idle()).build();
        this.atMost = settings.atMost();
        this.clock = clock;
    }

    /** Begins a session under an id that nobody has seen before; returns the id. */
    String begin(OidcUser user, Tokens tokens) {
        byte[] random = new byte[ID_BYTES];
        RANDOM.nextBytes(random);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        byId.put(
                id,
                new Session(
                        user.getSubject(),
                        user.getClaimAsString("sid"),
                        clock.instant().plus(atMost),
                        tokens));
        return id;
    }

    @Nullable Session find(String id) {
        Session session = byId.getIfPresent(id);
        if (session != null && session.isOver(clock.instant())) {
            byId.invalidate(id);
            return null;
        }
        return session;
    }

    /** Ends a session. */
    @Nullable Session end(String id) {
        return byId.asMap().remove(id);
    }

    /** Ends what the issuer has ended: one session of its own, or all of a person. */
    void end(@Nullable String sid, @Nullable String subject) {
        byId.asMap().values().removeIf(each -> each.isOf(sid, subject));
    }
}
