// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import io.weft.dataplane.telemetry.TokenCounts;
import io.weft.policy.feed.ApiKey;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.User;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The API keys that are good, by their SHA-256: a secret is never here. How long looking one up
 * takes tells at most something about a hash, from which nobody gets to a secret of 256 bits.
 */
public final class ApiKeys {

    private final TokenCounts counts;
    private final Clock clock;

    /** Null until the control plane has said which there are. */
    private volatile @Nullable Map<TokenHash, Known> all;

    /**
     * @param until epoch milliseconds
     */
    private record Known(TokenCheck.Verified client, long until) {}

    /** None are known yet. */
    public ApiKeys(TokenCounts counts, Clock clock) {
        this.counts = counts;
        this.clock = clock;
    }

    /** From now on these are good and no others. */
    public void replace(List<ApiKey> keys) {
        var next = new HashMap<TokenHash, Known>();
        for (ApiKey key : keys) {
            User user = User.ofApiKey(key.client(), key.scopes(), key.roles());
            next.put(
                    TokenHash.parse(key.sha256()),
                    new Known(
                            new TokenCheck.Verified(user),
                            key.expires() == null ? Long.MAX_VALUE : key.expires().toEpochMilli()));
        }
        all = next;
    }

    /** Whose key it is. */
    public TokenCheck check(byte[] bytes, int start, int end) {
        Map<TokenHash, Known> now = all;
        if (now == null) {
            return refuse(Refusal.NO_API_KEYS);
        }
        Known known = now.get(TokenHash.of(bytes, start, end));
        if (known == null || clock.millis() >= known.until) {
            return refuse(Refusal.UNKNOWN_API_KEY);
        }
        counts.accepted();
        return known.client;
    }

    TokenCheck refuse(Refusal why) {
        counts.refused(why.label());
        return why.check();
    }
}
