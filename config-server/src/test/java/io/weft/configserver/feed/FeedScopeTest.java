// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.configserver.fixture.FeedClient;
import io.weft.configserver.fixture.TestControlPlane;
import io.weft.policy.access.AccessRule;
import io.weft.policy.access.RequiredUser;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.FeedMessage.Acknowledge;
import io.weft.policy.feed.FeedMessage.Delta;
import io.weft.policy.feed.FeedMessage.Hello;
import io.weft.policy.feed.FeedMessage.Snapshot;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.request.Plane;
import io.weft.policy.snapshot.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each workload is told the access rules and tokens that its proxies decide with, and no others.
 */
class FeedScopeTest {

    private static final AtomicInteger PROXIES = new AtomicInteger();

    @TempDir Path directory;
    private TestControlPlane plane;

    @BeforeEach
    void start() throws IOException {
        plane = TestControlPlane.start(directory.resolve("control-plane"));
        plane.publish(
                "services.yml",
                """
                weft:
                  services:
                    orders: { protocol: http }
                    billing: { protocol: http }
                  routes:
                    orders:
                      hosts: [orders]
                      rules:
                        all: { match: { path: {prefix: /} }, to: { orders: 100 } }
                """);
        plane.publish(
                "orders.yml",
                """
                weft:
                  tokens:
                    shop: { issuer: https://id.shop.example, audiences: [shop] }
                  access:
                    order-users:
                      to: { services: [orders] }
                      user: { token: shop }
                      effect: allow
                """);
        plane.publish("billing.yml", billing("billing"));
    }

    /** A rule and its token, of which every word begins with {@code secret}. */
    private static String billing(String service) {
        return """
        weft:
          tokens:
            secret-token: { issuer: https://secret-issuer.example, audiences: [secret-audience] }
          access:
            secret-rule:
              to: { services: [%s], paths: [/secret-path] }
              user: { token: secret-token, roles: [secret-role] }
              effect: allow
        """
                .formatted(service);
    }

    @AfterEach
    void stop() throws IOException {
        plane.close();
    }

    /** A proxy, all that it was told, and what it knows by that. */
    private static final class Witness implements AutoCloseable {
        private final FeedClient client;
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final Map<String, String> objects = new TreeMap<>();
        private PolicyVersion version = PolicyVersion.NONE;

        private Witness(TestControlPlane plane, String workload) throws IOException {
            client = FeedClient.connect(plane.port(), workload);
            client.onLine(lines::add);
            ServiceName name = ServiceName.parse(workload);
            Plane where = name.equals(ServiceName.GATEWAY) ? Plane.EDGE : Plane.MESH;
            String proxy = workload + "-" + PROXIES.incrementAndGet();
            client.say(new Hello(FeedMessage.SCHEMA, proxy, where, name));
        }

        Snapshot snapshot() throws Exception {
            Snapshot snapshot = client.next(Snapshot.class);
            snapshot.objects()
                    .forEach(each -> objects.put(each.key().toString(), each.value().toString()));
            version = snapshot.version();
            return snapshot;
        }

        Delta delta() throws Exception {
            Delta delta = client.next(Delta.class);
            assertThat(delta.from()).isEqualTo(version);
            delta.removed()
                    .forEach(each -> assertThat(objects.remove(each.toString())).isNotNull());
            delta.changed()
                    .forEach(each -> objects.put(each.key().toString(), each.value().toString()));
            version = delta.version();
            return delta;
        }

        void acknowledge() throws IOException {
            client.say(new Acknowledge(version));
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    private Witness follow(String workload) throws Exception {
        var witness = new Witness(plane, workload);
        witness.snapshot();
        return witness;
    }

    private static List<String> names(Collection<?> keys) {
        return keys.stream().map(Object::toString).toList();
    }

    @Test
    void tellsNoByteOfOthersRules() throws Exception {
        try (var orders = follow("orders");
                var storefront = follow("storefront")) {
            plane.publish("billing.yml", billing("billing").replace("/secret-path", "/secret-2"));
            orders.delta();
            storefront.delta();

            assertThat(orders.objects)
                    .containsOnlyKeys(
                            "services/orders",
                            "services/billing",
                            "routes/orders",
                            "tokens/shop",
                            "access/order-users");
            assertThat(storefront.objects)
                    .containsOnlyKeys("services/orders", "services/billing", "routes/orders");
            assertThat(orders.lines).hasSize(2).noneMatch(line -> line.contains("secret"));
            assertThat(storefront.lines).hasSize(2).noneMatch(line -> line.contains("secret"));
        }
    }

    @Test
    void tellsTheEdgeAll() throws Exception {
        try (var edge = follow("gateway")) {
            assertThat(edge.objects).hasSize(7).containsKeys("access/secret-rule", "tokens/shop");
            plane.publish("billing.yml", billing("billing").replace("/secret-path", "/secret-2"));

            assertThat(edge.delta().changed()).hasSize(1);
            assertThat(edge.objects.get("access/secret-rule")).contains("/secret-2");
        }
    }

    @Test
    void ruleThatMovesComesWithItsTokenAndGoesWithIt() throws Exception {
        try (var orders = follow("orders");
                var billing = follow("billing")) {
            plane.publish("billing.yml", billing("orders"));
            assertThat(orders.delta().changed())
                    .extracting(each -> each.key().toString())
                    .containsExactly("tokens/secret-token", "access/secret-rule");
            Delta lost = billing.delta();
            assertThat(lost.changed()).isEmpty();
            assertThat(names(lost.removed()))
                    .containsExactly("tokens/secret-token", "access/secret-rule");

            plane.publish("billing.yml", billing("billing"));
            assertThat(names(orders.delta().removed()))
                    .containsExactly("tokens/secret-token", "access/secret-rule");
            assertThat(billing.delta().changed()).hasSize(2);
        }
    }

    @Test
    void tokenStaysWhileAnotherRuleNamesIt() throws Exception {
        String second =
                """
                weft:
                  access:
                    other-users:
                      to: { services: [orders, billing] }
                      user: { token: shop }
                      effect: deny
                """;
        try (var billing = follow("billing")) {
            plane.publish("other.yml", second);
            assertThat(billing.delta().changed())
                    .extracting(each -> each.key().toString())
                    .containsExactly("tokens/shop", "access/other-users");
            try (var orders = follow("orders")) {
                plane.publish("other.yml", "weft: {}");

                assertThat(names(orders.delta().removed())).containsExactly("access/other-users");
                assertThat(names(billing.delta().removed()))
                        .containsExactly("tokens/shop", "access/other-users");
            }
        }
    }

    @Test
    void whoeverIsNotConcernedReachesTheVersionToo() throws Exception {
        try (var orders = follow("orders")) {
            PolicyVersion next = plane.publish("billing.yml", "weft: {}");
            Delta delta = orders.delta();
            assertThat(delta.version()).isEqualTo(next);
            assertThat(delta.changed()).isEmpty();
            assertThat(delta.removed()).isEmpty();
            orders.acknowledge();

            await().until(
                            () ->
                                    plane.hub().subscribers().stream()
                                            .allMatch(each -> each.version().equals(next)));
        }
    }

    /** Whoever followed knows what a newcomer is told, and that is exactly what it needs. */
    @Test
    void deltasLeadToWhatSnapshotsSay() throws Exception {
        var random = new Random(7);
        var witnesses = new HashMap<String, Witness>();
        try {
            for (String each : List.of("orders", "billing", "catalog", "storefront", "gateway")) {
                witnesses.put(each, follow(each));
            }
            for (int round = 0; round < 25; round++) {
                PolicyVersion before = plane.version();
                plane.publish("random.yml", anything(random));
                if (!plane.version().equals(before)) {
                    for (Map.Entry<String, Witness> each : witnesses.entrySet()) {
                        each.getValue().delta();
                        compare(each.getKey(), each.getValue());
                    }
                }
            }
        } finally {
            for (Witness each : witnesses.values()) {
                each.close();
            }
        }
    }

    private void compare(String workload, Witness witness) throws Exception {
        try (var newcomer = follow(workload)) {
            assertThat(witness.objects).isEqualTo(newcomer.objects);
        }
        assertThat(witness.objects.keySet()).isEqualTo(expected(workload));
    }

    private Set<String> expected(String workload) {
        PolicyObjects all = Objects.requireNonNull(plane.publisher().state().published()).objects();
        boolean edge = workload.equals("gateway");
        var expected = new TreeSet<String>();
        all.services().keySet().forEach(each -> expected.add("services/" + each));
        all.routes().forEach(each -> expected.add("routes/" + each.name().text()));
        if (edge) {
            all.tokens().keySet().forEach(each -> expected.add("tokens/" + each));
        }
        for (AccessRule rule : all.access()) {
            if (edge || rule.to().services().contains(ServiceName.parse(workload))) {
                expected.add("access/" + rule.name());
                if (rule.user() instanceof RequiredUser.Bearer bearer) {
                    expected.add("tokens/" + bearer.token());
                }
            }
        }
        return expected;
    }

    /** Fewer objects than would be held back when they all went at once. */
    private static String anything(Random random) {
        boolean catalog = random.nextInt(4) > 0;
        var text = new StringBuilder("weft:\n");
        if (catalog) {
            text.append("  services:\n    catalog: { protocol: http }\n");
        }
        text.append("  tokens:\n");
        for (int i = 0; i < 3; i++) {
            text.append(
                    "    t%d: { issuer: https://id.example, audiences: [a%d] }\n"
                            .formatted(i, random.nextInt(2)));
        }
        text.append("  access:\n");
        for (int i = 0; i < 5; i++) {
            var to = new TreeSet<>(List.of(random.nextBoolean() ? "orders" : "billing"));
            if (catalog && random.nextBoolean()) {
                to.add("catalog");
            }
            String user = random.nextBoolean() ? "anyone" : "{ token: t" + random.nextInt(3) + " }";
            if (random.nextInt(4) > 0) {
                text.append(
                        "    r%d: { to: { services: %s }, user: %s, effect: allow }\n"
                                .formatted(i, to, user));
            }
        }
        return text.toString();
    }
}
