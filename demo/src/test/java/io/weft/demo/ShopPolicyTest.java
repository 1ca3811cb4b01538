// SPDX-License-Identifier: Apache-2.0
package io.weft.demo;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/**
 * That the file is plain YAML of the right shape. Its meaning is tested where policies are read.
 */
class ShopPolicyTest {

    private static final Set<String> ROUTE = Set.of("at", "hosts", "rules");
    private static final Set<String> RULE =
            Set.of("match", "request-headers", "response-headers", "to", "timeout");
    private static final Set<String> ACCESS = Set.of("mode", "to", "from", "user", "effect");

    private Map<String, Object> policy = Map.of();

    @BeforeEach
    void read() throws IOException {
        Map<String, Object> document =
                new Yaml().load(Files.readString(Path.of("policy", "shop.yml")));
        assertThat(document).containsOnlyKeys("weft");
        policy = map(document.get("weft"));
    }

    @Test
    void hasTheRootsOfAPolicy() {
        assertThat(policy)
                .containsOnlyKeys("trust-domain", "services", "routes", "tokens", "access");
        assertThat(map(policy.get("services")))
                .containsOnlyKeys("storefront", "catalog", "orders", "payments");
    }

    @Test
    void sendsEveryRuleToServicesAndVersionsThatExist() {
        assertThat(rules()).isNotEmpty();
        assertThat(rules())
                .allSatisfy(
                        rule -> {
                            assertThat(rule.keySet()).isSubsetOf(RULE);
                            assertThat(destinations()).containsAll(map(rule.get("to")).keySet());
                        });
    }

    @Test
    void weighsEveryRuleToAHundred() {
        assertThat(rules())
                .allSatisfy(
                        rule ->
                                assertThat(
                                                map(rule.get("to")).values().stream()
                                                        .mapToInt(ShopPolicyTest::weight)
                                                        .sum())
                                        .isEqualTo(100));
    }

    @Test
    void namesTheIntruderNowhere() {
        assertThat(access()).isNotEmpty();
        assertThat(access())
                .allSatisfy(
                        rule -> {
                            assertThat(rule.keySet()).isSubsetOf(ACCESS);
                            assertThat(list(map(rule.get("from")).get("workloads")))
                                    .isNotEmpty()
                                    .isSubsetOf("gateway", "storefront", "orders");
                            assertThat(list(map(rule.get("to")).get("services")))
                                    .isSubsetOf(map(policy.get("services")).keySet());
                        });
    }

    private Set<String> destinations() {
        Map<String, Object> services = map(policy.get("services"));
        return services.entrySet().stream()
                .flatMap(
                        service ->
                                Stream.concat(
                                        Stream.of(service.getKey()),
                                        versions(service.getValue())
                                                .map(version -> service.getKey() + "/" + version)))
                .collect(Collectors.toSet());
    }

    private static Stream<String> versions(Object service) {
        return map(map(service).getOrDefault("versions", Map.of())).keySet().stream();
    }

    private List<Map<String, Object>> rules() {
        return map(policy.get("routes")).values().stream()
                .flatMap(
                        route -> {
                            assertThat(map(route).keySet()).isSubsetOf(ROUTE);
                            return map(map(route).get("rules")).values().stream();
                        })
                .map(ShopPolicyTest::map)
                .toList();
    }

    private List<Map<String, Object>> access() {
        return map(policy.get("access")).values().stream().map(ShopPolicyTest::map).toList();
    }

    private static int weight(Object weight) {
        return ((Number) weight).intValue();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) requireNonNull(value);
    }

    @SuppressWarnings("unchecked")
    private static Collection<String> list(@Nullable Object value) {
        return (Collection<String>) requireNonNull(value);
    }
}
