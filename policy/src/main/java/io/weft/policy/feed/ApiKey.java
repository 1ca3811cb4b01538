// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.feed;

import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key by which a client is known that cannot sign in.
 *
 * @param sha256 of the secret, 64 lower-case hexadecimal digits
 * @param client what access rules call whoever has it
 * @param expires when it ends by itself; null for never
 */
public record ApiKey(
        String sha256,
        String client,
        List<String> scopes,
        List<String> roles,
        @Nullable Instant expires) {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** Applications are shown it in a header: it has no character that could end one. */
    private static final Pattern CLIENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    public ApiKey {
        scopes = List.copyOf(scopes);
        roles = List.copyOf(roles);
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("sha256 (expected: 64 hexadecimal digits)");
        }
        if (!CLIENT.matcher(client).matches()) {
            throw new IllegalArgumentException("client: " + client);
        }
    }
}
