// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.subscription;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.weft.conformance.access.AccessTable;
import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.loop.Transport;
import io.weft.dataplane.loop.Workers;
import io.weft.dataplane.telemetry.TokenCounts;
import io.weft.dataplane.telemetry.Traffic;
import io.weft.dataplane.token.ApiKeys;
import io.weft.dataplane.upstream.UpstreamSettings;
import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.compile.PolicyText;
import io.weft.policy.feed.ApiKey;
import io.weft.policy.feed.FeedCodec;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.Instance;
import io.weft.policy.feed.WireObject;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.request.Plane;
import io.weft.policy.snapshot.PolicyVersion;
import io.weft.policy.token.TokenCheck;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SubscriptionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ServiceName ORDERS = ServiceName.parse("orders");
    private static final ServiceName CART = ServiceName.parse("cart");
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.weft");

    private final Workers workers = Workers.start(Transport.byDefault(), 1);
    private final Routing routing =
            new Routing(
                    CART,
                    new Traffic("mesh", 1),
                    UpstreamSettings.DEFAULT,
                    new WorkloadIdentity(),
                    1);
    private static final ApiKey KEY =
            new ApiKey(
                    AccessTable.sha256("weft_key_secret"), "reporting", List.of(), List.of(), null);

    private final ApiKeys apiKeys = new ApiKeys(new TokenCounts(), Clock.systemUTC());
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir private Path directory;

    @BeforeEach
    void listen() {
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        LOGGER.addAppender(log);
    }

    @AfterEach
    void end() {
        subscriptions.forEach(Subscription::close);
        workers.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        LOGGER.detachAppender(log);
    }

    private Subscription follow(URI controlPlane) {
        var subscription =
                new Subscription(
                        new SubscriptionSettings(controlPlane, directory),
                        new FeedMessage.Hello(FeedMessage.SCHEMA, "cart-1", Plane.MESH, CART),
                        workers.all().getFirst(),
                        new WorkloadIdentity(),
                        routing,
                        apiKeys);
        subscriptions.add(subscription);
        subscription.start();
        return subscription;
    }

    // ---- what a control plane says --------------------------------------------------------------

    private static PolicyVersion version(long number) {
        return new PolicyVersion(1, number, "0123456789abcdef");
    }

    private static List<WireObject> services(String... names) {
        var yaml = new StringBuilder("weft:\n  services:\n");
        for (String name : names) {
            yaml.append("    ").append(name).append(": {protocol: http, mtls: permissive}\n");
        }
        Compilation compilation =
                PolicyCompiler.compile(
                        List.of(new PolicyText("test.yml", yaml.toString())), List.of(), Good.NONE);
        PolicyObjects objects = compilation.good().objects();
        return objects.byKey().values().stream().map(WireObject::of).toList();
    }

    private static FeedMessage.Snapshot snapshot(long number, String... names) {
        return new FeedMessage.Snapshot(
                FeedMessage.SCHEMA,
                version(number),
                TrustDomain.DEFAULT,
                services(names),
                Map.of(ORDERS, List.of(instance("orders-1", 7_001))));
    }

    private static FeedMessage.Delta delta(long from, long to, String... changed) {
        return new FeedMessage.Delta(
                version(from), version(to), TrustDomain.DEFAULT, services(changed), List.of());
    }

    private static Instance instance(String id, int port) {
        return new Instance(id, ORDERS, new TreeMap<>(), "127.0.0.1", port);
    }

    private List<String> known() {
        Plan plan = routing.plan();
        return plan == null
                ? List.of()
                : plan.policy().objects().services().keySet().stream()
                        .map(ServiceName::toString)
                        .sorted()
                        .toList();
    }

    private void awaitKnown(String... names) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(known()).containsExactlyInAnyOrder(names));
    }

    // ---- the tests ------------------------------------------------------------------------------

    @Test
    void putsSnapshotAndDeltasInForceAndSaysSo() throws IOException, InterruptedException {
        try (var feed = TestFeed.start()) {
            Subscription subscription = follow(feed.address());
            TestFeed.Stream stream = feed.next();
            assertThat(stream.hear(FeedMessage.Hello.class).proxy()).isEqualTo("cart-1");

            stream.say(snapshot(1, "orders"));
            assertThat(stream.hear(FeedMessage.Acknowledge.class).version()).isEqualTo(version(1));
            assertThat(known()).containsExactly("orders");
            assertThat(subscription.isConnected()).isTrue();

            stream.say(delta(1, 2, "payments"));
            assertThat(stream.hear(FeedMessage.Acknowledge.class).version()).isEqualTo(version(2));
            assertThat(known()).containsExactly("orders", "payments");

            stream.say(
                    new FeedMessage.Delta(
                            version(2),
                            version(3),
                            TrustDomain.DEFAULT,
                            List.of(),
                            List.of(new ObjectKey(ObjectKind.SERVICES, "orders"))));
            stream.hear(FeedMessage.Acknowledge.class);
            assertThat(known()).containsExactly("payments");
        }
    }

    @Test
    void readsLinesHoweverTheyAreCut() throws IOException, InterruptedException {
        try (var feed = TestFeed.start()) {
            follow(feed.address());
            TestFeed.Stream stream = feed.next();
            String text =
                    FeedCodec.write(snapshot(1, "orders"))
                            + "\n\n"
                            + FeedCodec.write(delta(1, 2, "payments"))
                            + "\n";
            for (int i = 0; i < text.length(); i += 7) {
                stream.say(text.substring(i, Math.min(text.length(), i + 7)));
            }
            assertThat(stream.hear(FeedMessage.Acknowledge.class).version()).isEqualTo(version(1));
            assertThat(stream.hear(FeedMessage.Acknowledge.class).version()).isEqualTo(version(2));
        }
    }

    @Test
    void asksAnewWhenADeltaDoesNotFollow() throws IOException, InterruptedException {
        try (var feed = TestFeed.start()) {
            follow(feed.address());
            TestFeed.Stream first = feed.next();
            first.say(snapshot(1, "orders"));
            first.say(delta(2, 3, "payments"));

            TestFeed.Stream second = feed.next();
            assertThat(known()).containsExactly("orders");
            second.say(snapshot(3, "orders", "payments"));
            awaitKnown("orders", "payments");
        }
    }

    @Test
    void asksAnewWhenSomethingIsUnreadable() throws IOException, InterruptedException {
        try (var feed = TestFeed.start()) {
            follow(feed.address());
            TestFeed.Stream first = feed.next();
            first.say(snapshot(1, "orders"));
            first.say("{\"type\": 7\n");

            feed.next().say(snapshot(2, "orders", "payments"));
            awaitKnown("orders", "payments");
        }
    }

    @Test
    void refusesTheObjectItCannotReadAndTakesTheRest() throws IOException, InterruptedException {
        try (var feed = TestFeed.start()) {
            follow(feed.address());
            TestFeed.Stream stream = feed.next();
            stream.say(snapshot(1, "orders"));
            stream.hear(FeedMessage.Acknowledge.class);

            String later = FeedCodec.write(delta(1, 2, "orders", "payments"));
            assertThat(later).containsOnlyOnce("\"name\":\"orders\",\"value\":{");
            stream.say(
                    later.replace(
                                    "\"name\":\"orders\",\"value\":{",
                                    "\"name\":\"orders\",\"value\":{\"colour\":\"red\",")
                            + "\n");

            FeedMessage.Refuse refuse = stream.hear(FeedMessage.Refuse.class);
            assertThat(refuse.version()).isEqualTo(version(2));
            assertThat(refuse.problems()).singleElement().asString().contains("colour");
            assertThat(known()).containsExactly("orders", "payments");
        }
    }

    @Test
    void staysWithTheNewerPolicyButFollowsInstances() throws IOException, InterruptedException {
        try (var feed = TestFeed.start()) {
            follow(feed.address());
            TestFeed.Stream stream = feed.next();
            stream.say(snapshot(5, "orders"));
            stream.say(snapshot(4, "payments"));
            assertThat(stream.hear(FeedMessage.Refuse.class).version()).isEqualTo(version(4));
            assertThat(known()).containsExactly("orders");

            stream.say(new FeedMessage.Endpoints(ORDERS, List.of(instance("orders-2", 7_002))));
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(routing.instances().get(ORDERS))
                                            .containsExactly(instance("orders-2", 7_002)));
        }
    }

    @Test
    void ignoresTheSchemaOfALaterRelease() throws IOException, InterruptedException {
        try (var feed = TestFeed.start()) {
            follow(feed.address());
            TestFeed.Stream stream = feed.next();
            stream.say(snapshot(1, "orders"));
            stream.say(
                    new FeedMessage.Snapshot(
                            FeedMessage.SCHEMA + 1,
                            version(2),
                            TrustDomain.DEFAULT,
                            services("payments"),
                            Map.of()));
            stream.say(delta(1, 2, "catalog"));
            awaitKnown("orders", "catalog");
        }
    }

    @Test
    void comesBackWithGrowingJitteredPauses() throws IOException {
        try (var feed = TestFeed.refusing()) {
            follow(feed.address());
            await().atMost(PATIENCE).until(() -> feed.opened().size() >= 7);

            List<Long> opened = feed.opened();
            assertThat(opened.get(1) - opened.get(0)).isGreaterThan(24_000_000L);
            assertThat(opened.get(6) - opened.get(5)).isBetween(390_000_000L, 3_000_000_000L);
            assertThat(messages(Level.WARN)).as("said once").hasSize(1);
        }
    }

    @Test
    void doesNotRushBackToAStreamThatEndsAtOnce() throws IOException, InterruptedException {
        try (var feed = TestFeed.start()) {
            follow(feed.address());
            for (int i = 0; i < 6; i++) {
                TestFeed.Stream stream = feed.next();
                stream.say(snapshot(1, "orders"));
                stream.hear(FeedMessage.Acknowledge.class);
                stream.wire().close();
            }
            List<Long> opened = feed.opened();
            assertThat(opened.getLast() - opened.getFirst()).isGreaterThan(700_000_000L);
        }
    }

    @Test
    void leavesAControlPlaneThatSaysNothing() throws IOException, InterruptedException {
        try (var feed = TestFeed.start()) {
            follow(feed.address());
            feed.next();
            long from = System.nanoTime();

            assertThat(feed.next().hear(FeedMessage.Hello.class)).isNotNull();
            assertThat(System.nanoTime() - from).isGreaterThan(Duration.ofSeconds(7).toNanos());
            assertThat(messages(Level.WARN)).anyMatch(each -> each.contains("silent"));
        }
    }

    @Test
    void registersAnewAfterEveryReconnectionUntilItDeregisters()
            throws IOException, InterruptedException {
        try (var feed = TestFeed.start()) {
            Subscription subscription = follow(feed.address());
            TestFeed.Stream first = feed.next();
            first.hear(FeedMessage.Hello.class);
            subscription.register(instance("orders-1", 7_001));
            assertThat(first.hear(FeedMessage.Register.class).instance().id())
                    .isEqualTo("orders-1");

            first.wire().close();
            TestFeed.Stream second = feed.next();
            second.hear(FeedMessage.Register.class);
            subscription.deregister();
            second.hear(FeedMessage.Deregister.class);

            second.wire().close();
            TestFeed.Stream third = feed.next();
            third.hear(FeedMessage.Hello.class);
            third.hear(FeedMessage.Heartbeat.class);
            assertThat(third.heard()).noneMatch(FeedMessage.Register.class::isInstance);
        }
    }

    @Test
    void startsFromTheCopyWithoutAControlPlane() throws IOException, InterruptedException {
        try (var feed = TestFeed.start()) {
            Subscription subscription = follow(feed.address());
            TestFeed.Stream stream = feed.next();
            stream.say(new FeedMessage.ApiKeys(List.of(KEY)));
            stream.say(snapshot(9, "orders", "payments"));
            awaitKnown("orders", "payments");
            subscription.close();
        }
        await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("policy.json")));

        var restarted =
                new Routing(
                        CART,
                        new Traffic("mesh", 1),
                        UpstreamSettings.DEFAULT,
                        new WorkloadIdentity(),
                        1);
        var keys = new ApiKeys(new TokenCounts(), Clock.systemUTC());
        var subscription =
                new Subscription(
                        new SubscriptionSettings(URI.create("http://127.0.0.1:1"), directory),
                        new FeedMessage.Hello(FeedMessage.SCHEMA, "cart-2", Plane.MESH, CART),
                        workers.all().getFirst(),
                        new WorkloadIdentity(),
                        restarted,
                        keys);
        subscriptions.add(subscription);
        subscription.start();

        assertThat(subscription.versions().blockFirst(PATIENCE)).isEqualTo(version(9));
        assertThat(restarted.instances()).containsKey(ORDERS);
        byte[] secret = "weft_key_secret".getBytes(US_ASCII);
        assertThat(keys.check(secret, 0, secret.length)).isInstanceOf(TokenCheck.Verified.class);
    }

    @Test
    void canBeClosedTwiceAndTalkedToAfterwards() throws IOException, InterruptedException {
        try (var feed = TestFeed.start()) {
            Subscription subscription = follow(feed.address());
            TestFeed.Stream stream = feed.next();
            stream.say(snapshot(1, "orders"));
            awaitKnown("orders");

            subscription.close();
            subscription.close();
            subscription.register(instance("orders-1", 7_001));
            subscription.deregister();

            assertThat(directory.resolve("policy.json")).satisfies(file -> awaitFile(file));
            assertThat(messages(Level.ERROR)).isEmpty();
        }
    }

    private static void awaitFile(Path file) {
        await().atMost(PATIENCE).until(() -> Files.exists(file));
    }

    private List<String> messages(Level level) {
        return log.list.stream()
                .filter(each -> each.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
