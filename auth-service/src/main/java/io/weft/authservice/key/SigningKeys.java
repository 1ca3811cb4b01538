// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.key;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.weft.authservice.seal.Seal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The keys that sign tokens, the same for every instance on one database. A key's life:
 *
 * <ol>
 *   <li>made and published, {@code publish-ahead} before it signs
 *   <li>signs, for {@code rotate-every}
 *   <li>stays published until the last token it signed has expired, then is deleted
 * </ol>
 *
 * <p>What is in memory goes on while the database is away.
 */
public final class SigningKeys {

    private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

    /** Clocks of verifiers may be behind by this. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private final SigningKeyStore store;
    private final KeySettings settings;
    private final Duration longestToken;
    private final Clock clock;

    /** Oldest first, never empty. */
    private volatile List<SigningKey> keys;

    /**
     * Reads the keys, and makes the first if there is none.
     *
     * @param longestToken how long anything signed here is valid
     */
    public SigningKeys(
            JdbcClient jdbc, Seal seal, KeySettings settings, Duration longestToken, Clock clock) {
        this.store = new SigningKeyStore(jdbc, seal);
        this.settings = settings;
        this.longestToken = longestToken;
        this.clock = clock;
        this.keys = current();
    }

    /** Takes up what other instances did, and does what is due. */
    public void refresh() {
        keys = current();
    }

    private List<SigningKey> current() {
        // The database keeps no more.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<SigningKey> found = store.all();
        if (found.isEmpty()) {
            store.add(SigningKey.generate(1, now));
            found = store.all();
        }
        SigningKey newest = found.getLast();
        Instant due = newest.signsFrom().plus(settings.rotateEvery());
        Instant ready = now.plus(settings.publishAhead());
        if (!due.isAfter(ready)) {
            // After a pause the time is over already: still none signs before it is known.
            SigningKey next = SigningKey.generate(newest.generation() + 1, ready);
            store.add(next);
            log.info("Signing key {} will follow {}", next, newest.key().getKeyID());
            found = store.all();
        }
        return withoutExpired(found, now);
    }

    private List<SigningKey> withoutExpired(List<SigningKey> found, Instant now) {
        for (int i = 0; i + 1 < found.size(); i++) {
            Instant lastUse = found.get(i + 1).signsFrom();
            if (lastUse.plus(longestToken).plus(SKEW).isAfter(now)) {
                return List.copyOf(found.subList(i, found.size()));
            }
            store.remove(found.get(i));
        }
        return List.of(found.getLast());
    }

    /** The key that signs now, with its private part. */
    public ECKey signer() {
        Instant now = clock.instant();
        List<SigningKey> all = keys;
        SigningKey signer = all.getFirst();
        for (SigningKey each : all) {
            if (!each.signsFrom().isAfter(now)) {
                signer = each;
            }
        }
        return signer.key();
    }

    /** What verifiers are shown: public parts only. */
    public JWKSet published() {
        return new JWKSet(keys.stream().map(each -> (JWK) each.key().toPublicJWK()).toList());
    }
}
