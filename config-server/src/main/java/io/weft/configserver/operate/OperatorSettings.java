// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.operate;

import java.net.URI;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose access tokens count at the API, the configuration and the management of the config server.
 *
 * @param issuer the issuer's name in tokens, to the letter; its keys are those of
 *     identity.auth-service
 * @param audiences for whom tokens must be; one of them is enough
 * @param openOnLoopback whether everybody on this machine may look, without a credential, at
 *     policy, status and configuration
 */
public record OperatorSettings(
        @DefaultValue("http://127.0.0.1:9000") URI issuer,
        @DefaultValue("weft") List<String> audiences,
        @DefaultValue("false") boolean openOnLoopback) {

    public OperatorSettings {
        audiences = List.copyOf(audiences);
        if (audiences.isEmpty()) {
            throw new IllegalArgumentException("audiences: none (expected: at least one)");
        }
    }
}
