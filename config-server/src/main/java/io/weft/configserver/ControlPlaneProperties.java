// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver;

import io.weft.configserver.feed.FeedSettings;
import io.weft.configserver.operate.OperatorSettings;
import io.weft.configserver.registry.RegistrySettings;
import io.weft.configserver.source.PolicySettings;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything that can be set about the control plane. Bound as a whole, so that a key that nobody
 * knows is refused at start.
 *
 * @param stateDir directory for what must survive a restart: the published policy, the registry and
 *     the identity
 */
@ConfigurationProperties(prefix = "weft.control-plane", ignoreUnknownFields = false)
public record ControlPlaneProperties(
        @DefaultValue(".weft/control-plane") Path stateDir,
        @NestedConfigurationProperty @DefaultValue IdentityProperties identity,
        @NestedConfigurationProperty @DefaultValue OperatorSettings operators,
        @NestedConfigurationProperty @DefaultValue PolicySettings policy,
        @NestedConfigurationProperty @DefaultValue FeedSettings feed,
        @NestedConfigurationProperty @DefaultValue RegistrySettings registry) {}
