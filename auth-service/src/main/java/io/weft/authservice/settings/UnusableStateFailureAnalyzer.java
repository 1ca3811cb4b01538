// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.settings;

import io.weft.authservice.state.UnusableStateException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says how to get another directory for state. */
final class UnusableStateFailureAnalyzer extends AbstractFailureAnalyzer<UnusableStateException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnusableStateException cause) {
        return new FailureAnalysis(
                "State directory: " + cause.getMessage() + ".",
                "Make it usable for this user, or name another directory:"
                        + " --weft.auth.state-dir=DIRECTORY. Two auth services cannot share one.",
                cause);
    }
}
