// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.settings;

import io.weft.configserver.source.NoPolicyDirectoryException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says where the policy is expected. */
final class NoPolicyDirectoryFailureAnalyzer
        extends AbstractFailureAnalyzer<NoPolicyDirectoryException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, NoPolicyDirectoryException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Create it, or name the directory with the policy's YAML:"
                        + " --spring.cloud.config.server.native.search-locations=file:DIRECTORY."
                        + " For a git repository set --spring.cloud.config.server.git.uri.",
                cause);
    }
}
