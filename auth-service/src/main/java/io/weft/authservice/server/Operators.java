// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.server;

import io.weft.authservice.account.Accounts;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** Who may use the operator API: an admin, with a token that was asked for it. */
final class Operators {

    private Operators() {}

    static boolean isOperator(@Nullable Authentication caller) {
        return caller instanceof JwtAuthenticationToken token
                && token.isAuthenticated()
                && claims(token, "roles").contains(Accounts.ADMIN)
                && claims(token, "scope").contains(Scopes.ADMIN);
    }

    private static List<String> claims(JwtAuthenticationToken token, String name) {
        Object value = token.getToken().getClaims().get(name);
        return switch (value) {
            case String words -> List.of(words.split(" "));
            case Collection<?> words -> words.stream().map(String::valueOf).toList();
            case null, default -> List.of();
        };
    }
}
