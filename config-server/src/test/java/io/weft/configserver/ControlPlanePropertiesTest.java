// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.configserver.feed.FeedSettings;
import io.weft.configserver.operate.OperatorSettings;
import io.weft.configserver.registry.RegistrySettings;
import io.weft.configserver.registry.RegistrySettings.Endpoint;
import io.weft.configserver.source.PolicySettings;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ControlPlanePropertiesTest {

    private static ControlPlaneProperties bind(Map<String, String> properties) {
        var source = new HashMap<String, String>();
        properties.forEach((name, value) -> source.put("weft.control-plane." + name, value));
        return new Binder(new MapConfigurationPropertySource(source))
                .bindOrCreate("weft.control-plane", ControlPlaneProperties.class);
    }

    private static IdentityProperties identity(String authService) {
        return new IdentityProperties(URI.create(authService), null, null, null, null);
    }

    private static OperatorSettings operators(String issuer, boolean open, String... audiences) {
        return new OperatorSettings(URI.create(issuer), List.of(audiences), open);
    }

    @Test
    void hasDefaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(
                        new ControlPlaneProperties(
                                Path.of(".weft/control-plane"),
                                identity("https://127.0.0.1:9443"),
                                operators("http://127.0.0.1:9000", false, "weft"),
                                new PolicySettings(
                                        List.of("**/*.yml", "**/*.yaml"),
                                        List.of(),
                                        null,
                                        Duration.ofSeconds(10),
                                        Duration.ofSeconds(2)),
                                new FeedSettings(InetAddress.ofLiteral("127.0.0.1"), 8889, 4096),
                                new RegistrySettings(Map.of(), Duration.ofSeconds(5))));
    }

    @Test
    void takesEverySetting() {
        var properties =
                Map.ofEntries(
                        Map.entry("state-dir", "/var/lib/weft"),
                        Map.entry("policy.paths", "policy/**,team-*/policy.yml"),
                        Map.entry("policy.profiles", "eu,prod"),
                        Map.entry("policy.label", "release"),
                        Map.entry("policy.git-poll", "1m"),
                        Map.entry("policy.rescan", "30s"),
                        Map.entry("operators.issuer", "https://id.example"),
                        Map.entry("operators.audiences", "weft,mesh"),
                        Map.entry("operators.open-on-loopback", "true"),
                        Map.entry("feed.address", "0.0.0.0"),
                        Map.entry("feed.port", "9999"),
                        Map.entry("feed.max-subscribers", "7"),
                        Map.entry("registry.discovery-poll", "1s"),
                        Map.entry("registry.static.orders[0].host", "10.0.0.1"),
                        Map.entry("registry.static.orders[0].port", "80"),
                        Map.entry("registry.static.orders[0].labels.version", "v1"));

        assertThat(bind(properties))
                .isEqualTo(
                        new ControlPlaneProperties(
                                Path.of("/var/lib/weft"),
                                identity("https://127.0.0.1:9443"),
                                operators("https://id.example", true, "weft", "mesh"),
                                new PolicySettings(
                                        List.of("policy/**", "team-*/policy.yml"),
                                        List.of("eu", "prod"),
                                        "release",
                                        Duration.ofMinutes(1),
                                        Duration.ofSeconds(30)),
                                new FeedSettings(InetAddress.ofLiteral("0.0.0.0"), 9999, 7),
                                new RegistrySettings(
                                        Map.of(
                                                "orders",
                                                List.of(
                                                        new Endpoint(
                                                                "10.0.0.1",
                                                                80,
                                                                Map.of("version", "v1")))),
                                        Duration.ofSeconds(1))));
    }
}
