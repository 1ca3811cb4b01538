// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.route.Match;
import io.weft.policy.route.Rewrite;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for where it arrives, ready to be applied.
 *
 * @param host with which it arrives; null for the one that was asked
 * @param path what becomes of the path
 */
public record CompiledRewrite(byte @Nullable [] host, PathRewrite path) {

    public static final CompiledRewrite NONE = new CompiledRewrite(null, PathRewrite.NONE);

    static CompiledRewrite of(Rewrite rewrite, List<Match> matches) {
        if (rewrite.isNone()) {
            return NONE;
        }
        String host = rewrite.host();
        return new CompiledRewrite(
                host == null ? null : host.getBytes(StandardCharsets.US_ASCII),
                PathRewrite.of(rewrite.path(), matches));
    }
}
