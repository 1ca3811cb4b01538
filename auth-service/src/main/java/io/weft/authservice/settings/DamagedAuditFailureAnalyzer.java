// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.settings;

import io.weft.authservice.audit.DamagedAuditException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do with a log that is not what was written. */
final class DamagedAuditFailureAnalyzer extends AbstractFailureAnalyzer<DamagedAuditException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, DamagedAuditException cause) {
        String directory = String.valueOf(cause.file().getParent());
        return new FailureAnalysis(
                "The log of what was issued is damaged: " + cause.getMessage() + ".",
                "Find out what changed it: a disk, or somebody. Put the file back from a backup. If"
                        + " there is none, keep the evidence and begin a new log: mv "
                        + directory
                        + " "
                        + directory
                        + ".damaged",
                cause);
    }
}
