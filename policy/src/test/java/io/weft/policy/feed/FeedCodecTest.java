// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.weft.policy.Seed;
import io.weft.policy.TestObjects;
import io.weft.policy.TestPolicies;
import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.document.Node;
import io.weft.policy.feed.FeedCodec.UnreadableMessageException;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.request.Plane;
import io.weft.policy.snapshot.PolicyVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedCodecTest {

    private static final PolicyVersion V1 = new PolicyVersion(1, 41, "0123456789abcdef");
    private static final PolicyVersion V2 = new PolicyVersion(1, 42, "fedcba9876543210");
    private static final ServiceName ORDERS = ServiceName.parse("orders");
    private static final ServiceName CART = ServiceName.parse("cart.shop");
    private static final Instance INSTANCE =
            new Instance(
                    "orders-1",
                    ORDERS,
                    new TreeMap<>(Map.of("version", "v1", "zone", "null")),
                    "::1",
                    65_535);

    static Stream<FeedMessage.FromProxy> fromProxy() {
        return Stream.of(
                new FeedMessage.Hello(FeedMessage.SCHEMA, "agent-1 \"é\n\"", Plane.MESH, CART),
                new FeedMessage.Hello(0, "edge", Plane.EDGE, ServiceName.GATEWAY),
                new FeedMessage.Register(INSTANCE),
                new FeedMessage.Deregister("orders-1"),
                new FeedMessage.Acknowledge(V1),
                new FeedMessage.Refuse(V2, List.of("routes/a: why", "")),
                new FeedMessage.Refuse(V2, List.of()),
                new FeedMessage.Heartbeat());
    }

    static Stream<FeedMessage.FromControlPlane> apiKeys() {
        return Stream.of(
                new FeedMessage.ApiKeys(List.of()),
                new FeedMessage.ApiKeys(
                        List.of(
                                new ApiKey(
                                        "ab".repeat(32),
                                        "reporting",
                                        List.of("a", "c"),
                                        List.of(),
                                        Instant.parse("2027-01-01T00:00:00.123Z")),
                                new ApiKey("00".repeat(32), "x", List.of(), List.of("r"), null))));
    }

    static Stream<FeedMessage.FromControlPlane> fromControlPlane() {
        var none = new Instance("x", CART, new TreeMap<>(), "10.0.0.1", 1);
        return Stream.of(
                new FeedMessage.Snapshot(
                        FeedMessage.SCHEMA,
                        new PolicyVersion(Long.MAX_VALUE, Long.MAX_VALUE, "x"),
                        new TrustDomain("shop.example"),
                        List.of(),
                        Map.of(ORDERS, List.of(INSTANCE, INSTANCE), CART, List.of())),
                new FeedMessage.Delta(
                        V1,
                        V2,
                        TrustDomain.DEFAULT,
                        List.of(),
                        List.of(
                                new ObjectKey(ObjectKind.ROUTES, "shop"),
                                new ObjectKey(ObjectKind.SERVICES, "cart.shop"))),
                new FeedMessage.Endpoints(CART, List.of(none)),
                new FeedMessage.Endpoints(ORDERS, List.of()),
                new FeedMessage.Heartbeat());
    }

    @ParameterizedTest
    @MethodSource("fromProxy")
    void readsBackWhatAProxySays(FeedMessage.FromProxy message) throws Exception {
        String line = FeedCodec.write(message);

        assertThat(line).doesNotContain("\n");
        assertThat(FeedCodec.readFromProxy(line)).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource({"fromControlPlane", "apiKeys"})
    void readsBackWhatTheControlPlaneSays(FeedMessage.FromControlPlane message) throws Exception {
        String line = FeedCodec.write(message);

        assertThat(line).doesNotContain("\n");
        assertThat(FeedCodec.readFromControlPlane(line)).isEqualTo(message);
    }

    @Test
    void carriesWholePolicies() throws Exception {
        Random random = Seed.random(FeedCodecTest.class);
        var generated = new TestObjects(random);
        for (int round = 0; round < 100; round++) {
            var all = new ArrayList<PolicyObject>(generated.services());
            all.addAll(generated.routes(8));
            generated.tokens().forEach(token -> all.add(new PolicyObject.OfToken(token)));
            generated.accessRules(8).forEach(rule -> all.add(new PolicyObject.OfAccess(rule)));
            var objects = new PolicyObjects(new TrustDomain("a.example"), all);
            var snapshot =
                    new FeedMessage.Snapshot(
                            FeedMessage.SCHEMA,
                            V1,
                            objects.trustDomain(),
                            all.stream().map(WireObject::of).toList(),
                            Map.of());

            var read =
                    (FeedMessage.Snapshot)
                            FeedCodec.readFromControlPlane(FeedCodec.write(snapshot));

            Compilation compilation =
                    PolicyCompiler.compile(
                            "feed", read.trustDomain(), nodes(read.objects()), Good.NONE);
            assertThat(compilation.problems()).isEmpty();
            assertThat(compilation.good().objects().byKey()).isEqualTo(objects.byKey());
            assertThat(ContentHash.of(compilation.good().objects()))
                    .isEqualTo(ContentHash.of(objects));
        }
    }

    @Test
    void skipsMembersItDoesNotKnow() throws Exception {
        String line =
                """
                {"later":{"a":[1,{"type":"hello"}]},"type":"register","instance":{"load":0.5,
                 "id":"orders-1","service":"orders","labels":{"version":"v1","zone":"null"},
                 "host":"::1","port":65535,"more":[null,true]},"and":null}\
                """;

        assertThat(FeedCodec.readFromProxy(line)).isEqualTo(new FeedMessage.Register(INSTANCE));
    }

    @Test
    void leavesOutObjectsOfKindsItDoesNotKnow() throws Exception {
        String line =
                """
                {"type":"delta","from":{"epoch":1,"number":41,"hash":"0123456789abcdef"},
                 "version":{"epoch":1,"number":42,"hash":"fedcba9876543210"},
                 "trust-domain":"weft.local",
                 "changed":[{"kind":"secrets","name":"shop","value":{"issuer":"x"}},
                            {"kind":"services","name":"orders","value":{"protocol":"http"}},
                            {"kind":"services","name":"later"}],
                 "removed":[{"kind":"rate-limits","name":"x"},{"kind":"routes","name":"y"}]}\
                """;

        var delta = (FeedMessage.Delta) FeedCodec.readFromControlPlane(line);

        assertThat(delta.changed())
                .map(each -> each.key().toString())
                .containsExactly("services/orders", "services/later");
        assertThat(delta.changed().getLast().value()).isInstanceOf(Node.Refused.class);
        assertThat(delta.removed()).containsExactly(new ObjectKey(ObjectKind.ROUTES, "y"));
    }

    @Test
    void refusesLinesThatWereCutOff() {
        Stream.concat(fromProxy(), fromControlPlane())
                .map(FeedCodec::write)
                .forEach(
                        line -> {
                            for (int end = 0; end < line.length(); end++) {
                                assertUnreadable(line.substring(0, end));
                            }
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "\"hello\"",
                "{}",
                "{\"type\":\"shout\"}",
                "{\"type\":null}",
                "{\"type\":[\"heartbeat\"]}",
                "{\"type\":\"heartbeat\"} {\"type\":\"heartbeat\"}",
                "{\"type\":\"heartbeat\"},",
                "{\"type\":\"deregister\"}",
                "{\"type\":\"deregister\",\"instance\":null}",
                "{\"type\":\"hello\",\"schema\":1,\"proxy\":\"a\",\"plane\":\"air\",\"workload\":\"a\"}",
                "{\"type\":\"hello\",\"schema\":1,\"proxy\":\"a\",\"plane\":\"edge\",\"workload\":\"A\"}",
                "{\"type\":\"hello\",\"schema\":1.5,\"proxy\":\"a\",\"plane\":\"edge\",\"workload\":\"a\"}",
                "{\"type\":\"register\",\"instance\":{\"id\":\"a\",\"service\":\"a\",\"labels\":{},\"host\":\"h\",\"port\":0}}",
                "{\"type\":\"register\",\"instance\":{\"id\":\"\",\"service\":\"a\",\"labels\":{},\"host\":\"h\",\"port\":1}}",
                "{\"type\":\"register\",\"instance\":{\"id\":\"a\",\"service\":\"a\",\"labels\":[],\"host\":\"h\",\"port\":1}}",
                "{\"type\":\"acknowledge\",\"version\":7}",
                "{\"type\":\"refuse\",\"version\":{\"epoch\":1,\"number\":1,\"hash\":\"x\"},\"problems\":7}"
            })
    void refusesLinesThatAreNoMessage(String line) {
        assertUnreadable(line);
    }

    @Test
    void refusesMessagesOfTheOtherSide() {
        assertThatExceptionOfType(UnreadableMessageException.class)
                .isThrownBy(
                        () ->
                                FeedCodec.readFromProxy(
                                        FeedCodec.write(
                                                new FeedMessage.Endpoints(ORDERS, List.of()))));
        assertThatExceptionOfType(UnreadableMessageException.class)
                .isThrownBy(
                        () ->
                                FeedCodec.readFromControlPlane(
                                        FeedCodec.write(new FeedMessage.Deregister("x"))));
    }

    @Test
    void survivesHostileLines() {
        assertUnreadable("[".repeat(1_000_000));
        assertUnreadable("{\"a\":".repeat(1_000_000));
        assertUnreadable("{\"type\":" + "9".repeat(1_000_000) + "}");
        assertUnreadable("{\"" + "x".repeat(1_000_000) + "\":1}");
    }

    @Test
    void writesWhatTheWireHasSeenBefore() {
        assertThat(FeedCodec.write(new FeedMessage.Register(INSTANCE)))
                .isEqualTo(
                        "{\"type\":\"register\",\"instance\":{\"id\":\"orders-1\","
                                + "\"service\":\"orders\",\"labels\":{\"version\":\"v1\","
                                + "\"zone\":\"null\"},\"host\":\"::1\",\"port\":65535}}");
        PolicyObjects objects = TestPolicies.of("weft: { services: { orders: } }");
        assertThat(
                        FeedCodec.write(
                                new FeedMessage.Snapshot(
                                        1,
                                        V1,
                                        objects.trustDomain(),
                                        objects.byKey().values().stream()
                                                .map(WireObject::of)
                                                .toList(),
                                        Map.of(ORDERS, List.of()))))
                .isEqualTo(
                        "{\"type\":\"snapshot\",\"schema\":1,\"version\":{\"epoch\":1,"
                                + "\"number\":41,\"hash\":\"0123456789abcdef\"},"
                                + "\"trust-domain\":\"weft.local\",\"objects\":[{\"kind\":"
                                + "\"services\",\"name\":\"orders\",\"value\":{\"protocol\":"
                                + "\"http\"}}],\"endpoints\":{\"orders\":[]}}");
    }

    private static Map<ObjectKey, Node> nodes(List<WireObject> objects) {
        return objects.stream().collect(Collectors.toMap(WireObject::key, WireObject::value));
    }

    private static void assertUnreadable(String line) {
        assertThatExceptionOfType(UnreadableMessageException.class)
                .isThrownBy(() -> FeedCodec.readFromProxy(line))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
        assertThatExceptionOfType(UnreadableMessageException.class)
                .isThrownBy(() -> FeedCodec.readFromControlPlane(line));
    }
}
