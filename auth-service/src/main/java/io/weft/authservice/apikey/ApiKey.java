// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.apikey;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key of a caller that cannot sign in, without its secret.
 *
 * @param sha256 of the secret, in hex
 * @param client what access rules and rate limits call the caller
 * @param expires when it ends by itself, if it does
 */
public record ApiKey(
        String id,
        String sha256,
        String client,
        List<String> scopes,
        List<String> roles,
        Instant created,
        @Nullable Instant expires) {

    public ApiKey {
        scopes = List.copyOf(scopes);
        roles = List.copyOf(roles);
    }
}
