// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.settings;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import reactor.netty.ChannelBindException;

/** Says how to get another port for the feed. */
final class FeedPortFailureAnalyzer extends AbstractFailureAnalyzer<ChannelBindException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ChannelBindException cause) {
        return new FailureAnalysis(
                "The feed cannot listen on "
                        + cause.localHost()
                        + ":"
                        + cause.localPort()
                        + ": "
                        + cause.getMessage(),
                "End the process that listens there, or set --weft.control-plane.feed.port.",
                cause);
    }
}
