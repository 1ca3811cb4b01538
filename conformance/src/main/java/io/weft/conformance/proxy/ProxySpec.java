// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.proxy;

import java.util.List;
import java.util.Map;

/**
 * What a proxy is started with.
 *
 * @param policy YAML text under {@code weft:}
 * @param endpoints the instances of each service; a proxy on the inbound side takes the first of
 *     {@code app} for its application
 * @param settings by the last part of their property names; the suites use {@code timeouts.connect}
 *     and {@code timeouts.body-idle}
 */
public record ProxySpec(
        String policy, Map<String, List<Endpoint>> endpoints, Map<String, String> settings) {

    /** The service that all suites talk to. */
    public static final String APP = "app";

    public ProxySpec {
        endpoints = Map.copyOf(endpoints);
        settings = Map.copyOf(settings);
    }

    /** With these instances of {@link #APP} and short timeouts, so that suites do not wait long. */
    public static ProxySpec of(String policy, Endpoint... app) {
        return new ProxySpec(
                policy,
                Map.of(APP, List.of(app)),
                Map.of("timeouts.connect", "500ms", "timeouts.body-idle", "1s"));
    }
}
