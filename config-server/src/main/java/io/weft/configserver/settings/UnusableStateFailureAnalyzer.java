// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.settings;

import io.weft.configserver.state.UnusableStateException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says how to get another directory for state. */
final class UnusableStateFailureAnalyzer extends AbstractFailureAnalyzer<UnusableStateException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnusableStateException cause) {
        return new FailureAnalysis(
                "The " + cause.getMessage() + ".",
                "Make it writable for this user, or name another one:"
                        + " --weft.control-plane.state-dir=DIRECTORY. Two control planes cannot"
                        + " share one.",
                cause);
    }
}
