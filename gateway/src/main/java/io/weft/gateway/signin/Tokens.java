// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;

/**
 * What the issuer gave for a session. Its text says nothing that is secret.
 *
 * @param refresh null when the issuer gives none
 * @param id the ID token as it was received: the issuer is told by it which session to end
 */
record Tokens(OAuth2AccessToken access, @Nullable OAuth2RefreshToken refresh, String id) {

    private static final Duration LONGEST_AHEAD = Duration.ofSeconds(60);
    private static final int SHARE_AHEAD = 5;

    /** What a token is taken to live when the issuer does not say. */
    private static final Duration UNSAID = Duration.ofMinutes(5);

    String bearer() {
        return access.getTokenValue();
    }

    Instant ends() {
        Instant said = access.getExpiresAt();
        return said == null ? begins().plus(UNSAID) : said;
    }

    /** When it is time for others: a fifth of the life before its end, but at most a minute. */
    Instant renewAt() {
        Duration share = Duration.between(begins(), ends()).dividedBy(SHARE_AHEAD);
        return ends().minus(share.compareTo(LONGEST_AHEAD) < 0 ? share : LONGEST_AHEAD);
    }

    private Instant begins() {
        Instant said = access.getIssuedAt();
        return said == null ? Instant.EPOCH : said;
    }

    @Override
    public String toString() {
        return "Tokens[until " + ends() + "]";
    }
}
