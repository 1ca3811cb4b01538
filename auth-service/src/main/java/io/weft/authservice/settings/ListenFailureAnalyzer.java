// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.settings;

import io.weft.authservice.listen.ListenException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says how to get another port for workloads. */
final class ListenFailureAnalyzer extends AbstractFailureAnalyzer<ListenException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ListenException cause) {
        return new FailureAnalysis(
                "The listener for workloads " + cause.getMessage() + ".",
                "Stop what uses it, or name another: --weft.auth.tls.port=PORT (0: any that is"
                        + " free), --weft.auth.tls.address=ADDRESS.",
                cause);
    }
}
