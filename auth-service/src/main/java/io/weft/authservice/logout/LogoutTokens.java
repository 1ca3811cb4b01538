// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.logout;

import io.weft.authservice.token.Issuer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;

/**
 * Makes logout tokens: of a type of their own, and without a nonce, so that none is an ID token.
 */
public final class LogoutTokens {

    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    private static final Duration LIFE = Duration.ofMinutes(2);

    private final JwtEncoder encoder;
    private final Issuer issuer;
    private final Clock clock;

    public LogoutTokens(JwtEncoder encoder, Issuer issuer, Clock clock) {
        this.encoder = encoder;
        this.issuer = issuer;
        this.clock = clock;
    }

    String token(String clientId, String subject, String session) {
        Instant now = clock.instant();
        JwsHeader header = JwsHeader.with(SignatureAlgorithm.ES256).type("logout+jwt").build();
        JwtClaimsSet claims =
                JwtClaimsSet.builder()
                        .issuer(issuer.toString())
                        .audience(List.of(clientId))
                        .subject(subject)
                        .claim("sid", session)
                        .claim("events", Map.of(EVENT, Map.of()))
                        .issuedAt(now)
                        .expiresAt(now.plus(LIFE))
                        .id(UUID.randomUUID().toString())
                        .build();
        return encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue();
    }
}
