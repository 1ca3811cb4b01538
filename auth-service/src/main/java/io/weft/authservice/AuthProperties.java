// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import io.weft.authservice.seal.SealKey;
import io.weft.policy.identity.TrustDomain;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything that can be set about the auth service. Bound as a whole, so that a key that nobody
 * knows is refused at start.
 *
 * @param stateDir directory for what must survive a restart: keys, database, issuance log
 * @param sealKey base64 of the 32 bytes under which private keys are kept; without it one is made
 *     and kept in the state directory
 * @param trustDomain the trust domain whose workloads get certificates
 */
@ConfigurationProperties(prefix = "weft.auth", ignoreUnknownFields = false)
public record AuthProperties(
        @DefaultValue(".weft/auth") Path stateDir,
        @Nullable SealKey sealKey,
        @DefaultValue("weft.local") TrustDomain trustDomain) {}
