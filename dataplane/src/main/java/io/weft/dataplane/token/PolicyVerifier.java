// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import io.weft.policy.token.SigningAlgorithm;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.TokenPolicy;
import io.weft.policy.token.User;
import java.time.Clock;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies tokens of one policy (RFC 7519 §7.2, RFC 8725, RFC 9068 §4), and remembers the good ones
 * for as long as they and the keys last.
 */
final class PolicyVerifier {

    private static final int MOST_REMEMBERED = 20_000;

    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

    /** What only tokens have that are for the client itself (OpenID Connect Core §2, §3.1.3.6). */
    private static final Set<String> OF_OTHER_TOKENS =
            Set.of("nonce", "at_hash", "c_hash", "s_hash", "events");

    private static final long SKEW = TokenPolicy.SKEW.toSeconds();

    private final TokenPolicy policy;
    private final KeySource source;
    private final Clock clock;
    private final Cache<TokenHash, Remembered> remembered =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).executor(Runnable::run).build();

    PolicyVerifier(TokenPolicy policy, KeySource source, Clock clock) {
        this.policy = policy;
        this.source = source;
        this.clock = clock;
    }

    /**
     * @param keys those that verified it; a token is as good as the keys that are in force
     * @param until epoch milliseconds
     */
    private record Remembered(TokenCheck.Verified check, KeySet keys, long until) {}

    TokenPolicy policy() {
        return policy;
    }

    boolean isSettled() {
        return source.isSettled();
    }

    TokenCheck.Verified verify(byte[] bytes, int start, int end) throws RefusedTokenException {
        KeySet keys = source.keys();
        TokenHash hash = TokenHash.of(bytes, start, end);
        Remembered known = remembered.getIfPresent(hash);
        if (known != null && known.keys == keys && clock.millis() < known.until) {
            return known.check;
        }
        Remembered fresh = verify(CompactToken.parse(bytes, start, end), keys);
        remembered.put(hash, fresh);
        return fresh.check;
    }

    private Remembered verify(CompactToken token, KeySet keys) throws RefusedTokenException {
        SigningAlgorithm algorithm = checkHeader(token);
        String keyId = token.header().getKeyID();
        Optional<JWSVerifier> key = keys.find(keyId, algorithm);
        if (key.isEmpty()) {
            source.missed();
            throw new RefusedTokenException(Refusal.UNKNOWN_KEY);
        }
        checkSignature(token, key.get());
        Map<String, Object> claims = token.claims();
        long expires = checkClaims(claims);
        return new Remembered(
                new TokenCheck.Verified(User.of(claims)), keys, (expires + SKEW) * 1_000);
    }

    private SigningAlgorithm checkHeader(CompactToken token) throws RefusedTokenException {
        if (token.parameters().contains("crit") || token.parameters().contains("b64")) {
            throw new RefusedTokenException(Refusal.CRITICAL);
        }
        if (token.header().getType() != null
                && !TYPES.contains(token.header().getType().getType().toLowerCase(Locale.ROOT))) {
            throw new RefusedTokenException(Refusal.TYPE);
        }
        String name = token.header().getAlgorithm().getName();
        return policy.algorithms().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new RefusedTokenException(Refusal.ALGORITHM));
    }

    private static void checkSignature(CompactToken token, JWSVerifier key)
            throws RefusedTokenException {
        boolean good;
        try {
            good = key.verify(token.header(), token.signed(), token.signature());
        } catch (JOSEException | RuntimeException e) {
            good = false;
        }
        if (!good) {
            throw new RefusedTokenException(Refusal.SIGNATURE);
        }
    }

    /** When the token expires, in epoch seconds. */
    private long checkClaims(Map<String, Object> claims) throws RefusedTokenException {
        if (!policy.issuer().equals(claims.get("iss"))) {
            throw new RefusedTokenException(Refusal.ISSUER);
        }
        if (claims.keySet().stream().anyMatch(OF_OTHER_TOKENS::contains)
                || claims.get("typ") instanceof String type && !type.equals("Bearer")) {
            throw new RefusedTokenException(Refusal.TYPE);
        }
        if (!isForUs(claims.get("aud"))) {
            throw new RefusedTokenException(Refusal.AUDIENCE);
        }
        long now = clock.millis() / 1_000;
        Long expires = seconds(claims, "exp");
        if (expires == null) {
            throw new RefusedTokenException(Refusal.TIMES);
        }
        if (now >= expires + SKEW) {
            throw new RefusedTokenException(Refusal.EXPIRED);
        }
        checkHasBegun(seconds(claims, "nbf"), now);
        checkHasBegun(seconds(claims, "iat"), now);
        return expires;
    }

    private boolean isForUs(@Nullable Object audience) {
        return audience instanceof Collection<?> several
                ? several.stream().anyMatch(policy.audiences()::contains)
                : audience instanceof String one && policy.audiences().contains(one);
    }

    private static void checkHasBegun(@Nullable Long begin, long now) throws RefusedTokenException {
        if (begin != null && begin > now + SKEW) {
            throw new RefusedTokenException(Refusal.NOT_YET);
        }
    }

    /** A time within reach, or null when there is none. */
    private static @Nullable Long seconds(Map<String, Object> claims, String name)
            throws RefusedTokenException {
        Object value = claims.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Number number) || !(Math.abs(number.doubleValue()) < 1e11)) {
            throw new RefusedTokenException(Refusal.TIMES);
        }
        return number.longValue();
    }
}
