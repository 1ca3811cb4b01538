// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.registry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * Instances that do not register themselves.
 *
 * @param fixed instances of services without an agent, by the name of the service: host, port and
 *     labels of each
 * @param discoveryPoll how often discovery clients, where there are any, are asked for the
 *     instances of the policy's services
 */
public record RegistrySettings(
        @Name("static") @DefaultValue Map<String, List<Endpoint>> fixed,
        @DefaultValue("5s") Duration discoveryPoll) {

    public RegistrySettings {
        fixed = Map.copyOf(fixed);
    }

    /**
     * One instance.
     *
     * @param host an IP address, or a name that proxies resolve
     * @param port 1-65535
     * @param labels decide which versions of the service it belongs to
     */
    public record Endpoint(String host, int port, @DefaultValue Map<String, String> labels) {
        public Endpoint {
            labels = Map.copyOf(labels);
        }
    }
}
