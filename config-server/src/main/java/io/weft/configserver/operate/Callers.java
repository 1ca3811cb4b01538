// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.operate;

import io.weft.dataplane.token.TokenVerifier;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.TokenPolicy;
import io.weft.policy.token.User;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

/**
 * Finds out who sent a request: a person with an access token that was asked for operators' APIs,
 * or the holder of one of the files.
 */
final class Callers {

    /**
     * The scope of tokens that count here. Those that the edge passes on to services do not have
     * it, so none of them can look or act in an operator's name.
     */
    static final String SCOPE = "weft.admin";

    private static final List<String> OPERATORS = List.of("admin", "weft-operator");

    private static final String VIEWER = "weft-viewer";

    private static final String SCHEME = "Bearer ";

    private final List<LocalCredential> files;
    private final TokenPolicy policy;
    private final TokenVerifier tokens;

    Callers(List<LocalCredential> files, TokenPolicy policy, TokenVerifier tokens) {
        this.files = List.copyOf(files);
        this.policy = policy;
        this.tokens = tokens;
    }

    Caller of(HttpServletRequest request) {
        List<String> shown = Collections.list(request.getHeaders("Authorization"));
        if (shown.isEmpty()) {
            return new Caller.Anonymous();
        }
        if (shown.size() > 1) {
            return new Caller.Refused("more than one Authorization header");
        }
        String only = shown.getFirst();
        if (!only.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new Caller.Refused("no bearer token");
        }
        return of(only.substring(SCHEME.length()).strip());
    }

    private Caller of(String token) {
        for (LocalCredential each : files) {
            if (each.is(token)) {
                return each.holder();
            }
        }
        byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
        return switch (tokens.check(policy, bytes, 0, bytes.length)) {
            case TokenCheck.Verified(User user) -> new Caller.Proven(user.subject(), rightOf(user));
            case TokenCheck.Invalid(String reason) -> new Caller.Refused(reason);
            case TokenCheck.Absent() -> new Caller.Anonymous();
        };
    }

    private static Right rightOf(User user) {
        if (!user.scopes().contains(SCOPE)) {
            return Right.NONE;
        }
        if (OPERATORS.stream().anyMatch(user.roles()::contains)) {
            return Right.OPERATE;
        }
        return user.roles().contains(VIEWER) ? Right.VIEW : Right.NONE;
    }
}
