// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.token;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * Refuses code verifiers that RFC 7636 §4.1 does not allow, which Spring Security only hashes and
 * compares. Converts nothing: it stands before the converters that do.
 */
public final class CodeVerifierSyntax implements AuthenticationConverter {

    private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        String verifier = request.getParameter(PkceParameterNames.CODE_VERIFIER);
        if (verifier != null && !SYNTAX.matcher(verifier).matches()) {
            throw new OAuth2AuthenticationException(
                    new OAuth2Error(
                            OAuth2ErrorCodes.INVALID_GRANT,
                            "code_verifier (expected: 43 to 128 unreserved characters)",
                            null));
        }
        return null;
    }
}
