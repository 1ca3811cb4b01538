// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.model;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Decides by {@code TestPolicies.guarded}, and believes every token that is not forged openly. */
final class ModelGuard {

    private ModelGuard() {}

    static void check(String target, ModelHead head) throws Refusal {
        String path = target.replaceFirst("[?].*", "") + "/";
        if (path.startsWith("/public/")) {
            return;
        }
        String claims = claims(head);
        if (claims.isEmpty()) {
            throw Refusal.of(401, "no-token", "sign-in");
        }
        boolean admin = claims.contains("\"admin\"");
        if (!admin && (path.startsWith("/admin/") || !claims.contains("\"member\""))) {
            throw Refusal.of(403, "not-allowed", "denied");
        }
    }

    private static String claims(ModelHead head) {
        String[] parts = String.join("", head.all("Authorization")).split("\\.", -1);
        return parts.length == 3
                ? new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                : "";
    }
}
