// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.settings;

import io.weft.authservice.seal.BrokenSealException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which key opens what is kept. */
final class BrokenSealFailureAnalyzer extends AbstractFailureAnalyzer<BrokenSealException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BrokenSealException cause) {
        return new FailureAnalysis(
                "Kept keys: " + cause.getMessage() + ".",
                "Start with the seal key they were kept with. Only if it is lost: move the state"
                        + " away; a new authority is made, and every workload enrols again with"
                        + " its new root.",
                cause);
    }
}
