// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.enrol;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;

/**
 * Where service-account tokens have been shown from. A pod has one address as long as it lives, and
 * its token is nobody else's: whoever shows it from another address has come by it. Remembered
 * until it has not been shown for longer than a token lives, by this process alone.
 */
final class TokenHolders {

    /** The longest that the API server grants unless it is told otherwise. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(1);

    private static final int MAX_HOLDERS = 100_000;

    private final Cache<String, InetAddress> holders =
            Caffeine.newBuilder().expireAfterAccess(LONGEST_LIFE).maximumSize(MAX_HOLDERS).build();

    /**
     * To be called for tokens that the cluster has found good.
     *
     * @throws Refusal when somebody else showed it first
     */
    void require(String token, InetAddress from) {
        InetAddress first = holders.get(Secrets.sha256(token), _ -> from);
        if (!first.equals(from)) {
            throw Refusal.notAttested("the token was shown from another address before");
        }
    }
}
