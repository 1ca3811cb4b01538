// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import io.weft.policy.token.TokenCheck;
import java.util.Locale;

/** Why a token or API key is refused. */
enum Refusal {
    SEVERAL("more than one Authorization header"),
    TOO_LONG("the token is too long"),
    MALFORMED("the token is not a signed JWT"),
    ALGORITHM("the token is signed by an algorithm that is not accepted"),
    TYPE("the token is not an access token"),
    CRITICAL("the token has critical header parameters"),
    NO_KEYS("the keys of the issuer are not known yet"),
    STALE_KEYS("the keys of the issuer are too old"),
    UNKNOWN_KEY("the token is signed by an unknown key"),
    SIGNATURE("the token's signature is wrong"),
    ISSUER("the token is of another issuer"),
    AUDIENCE("the token is for another audience"),
    EXPIRED("the token has expired"),
    NOT_YET("the token is not valid yet"),
    TIMES("the token does not say until when it is valid"),
    NO_API_KEYS("API keys are not known yet"),
    SEVERAL_API_KEYS("more than one API key"),
    UNKNOWN_API_KEY("the API key is unknown, revoked or expired");

    private final String reason;

    Refusal(String reason) {
        this.reason = reason;
    }

    TokenCheck.Invalid check() {
        return new TokenCheck.Invalid(reason);
    }

    /** {@code unknown-key}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
