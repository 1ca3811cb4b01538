// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.settings;

import io.weft.authservice.seal.BadSealKeyException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says how to make a seal key, and does not show the one that was given. */
final class BadSealKeyFailureAnalyzer extends AbstractFailureAnalyzer<BadSealKeyException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BadSealKeyException cause) {
        return new FailureAnalysis(
                "weft.auth.seal-key is not usable: " + cause.getMessage() + ".",
                "Give one made by: openssl rand -base64 32. Or leave it out, and one is kept in"
                        + " the state directory.",
                cause);
    }
}
