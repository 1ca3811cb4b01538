// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import io.weft.authservice.ca.CertificateSettings;
import io.weft.authservice.client.ClientDeclaration;
import io.weft.authservice.demo.DemoSettings;
import io.weft.authservice.enrol.EnrolmentSettings;
import io.weft.authservice.key.KeySettings;
import io.weft.authservice.listen.TlsSettings;
import io.weft.authservice.seal.SealKey;
import io.weft.authservice.token.Issuer;
import io.weft.authservice.token.TokenSettings;
import io.weft.policy.identity.TrustDomain;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything that can be set about the auth service. Bound as a whole, so that a key that nobody
 * knows is refused at start.
 *
 * @param stateDir directory for what must survive a restart: keys, database, issuance log
 * @param sealKey base64 of the 32 bytes under which private keys are kept; without it one is made
 *     and kept in the state directory
 * @param trustDomain the trust domain whose workloads get certificates
 * @param certificates how long certificates hold, and who issues them
 * @param enrolment who may enrol
 * @param tls where workloads enrol
 * @param issuer {@code iss} of every token, whatever address people and clients use
 * @param tokens what tokens are like
 * @param signingKeys when the keys change that sign tokens
 * @param clients applications that may ask for tokens, by client id
 * @param demo what the demo profile adds
 */
@ConfigurationProperties(prefix = "weft.auth", ignoreUnknownFields = false)
public record AuthProperties(
        @DefaultValue(".weft/auth") Path stateDir,
        @Nullable SealKey sealKey,
        @DefaultValue("weft.local") TrustDomain trustDomain,
        @NestedConfigurationProperty @DefaultValue CertificateSettings certificates,
        @NestedConfigurationProperty @DefaultValue EnrolmentSettings enrolment,
        @NestedConfigurationProperty @DefaultValue TlsSettings tls,
        @DefaultValue("http://127.0.0.1:9000") Issuer issuer,
        @NestedConfigurationProperty @DefaultValue TokenSettings tokens,
        @NestedConfigurationProperty @DefaultValue KeySettings signingKeys,
        @DefaultValue Map<String, ClientDeclaration> clients,
        @NestedConfigurationProperty @DefaultValue DemoSettings demo) {}
