// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import org.jspecify.annotations.Nullable;

/**
 * What a request asks for where it arrives (Gateway API, {@code HTTPURLRewriteFilter}). Access
 * rules are about that, too.
 *
 * @param host with which it arrives; null for the one that was asked
 * @param path null for the one that was asked
 */
public record Rewrite(@Nullable String host, @Nullable PathChange path) {

    public static final Rewrite NONE = new Rewrite(null, null);

    public boolean isNone() {
        return host == null && path == null;
    }
}
