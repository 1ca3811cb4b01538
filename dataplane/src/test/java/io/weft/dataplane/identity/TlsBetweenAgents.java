// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weft.conformance.tls.TestAuthority;
import io.weft.conformance.tls.TestIdentity;
import io.weft.dataplane.TestUpstream;
import io.weft.dataplane.Wire;
import io.weft.dataplane.balance.Cluster;
import io.weft.dataplane.dispatch.Admission;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.dispatch.Via;
import io.weft.dataplane.engine.LocalDelivery;
import io.weft.dataplane.engine.MeshOutbound;
import io.weft.dataplane.failure.Refusal;
import io.weft.dataplane.failure.RefusalLog;
import io.weft.dataplane.loop.Transport;
import io.weft.dataplane.loop.Workers;
import io.weft.dataplane.server.Listener;
import io.weft.dataplane.server.ListenerSpec;
import io.weft.dataplane.server.MeshDoor;
import io.weft.dataplane.server.RequestHandler;
import io.weft.dataplane.server.ServerSettings;
import io.weft.dataplane.telemetry.Exposition;
import io.weft.dataplane.telemetry.Handshakes;
import io.weft.dataplane.telemetry.SeriesKey;
import io.weft.dataplane.telemetry.TokenCounts;
import io.weft.dataplane.telemetry.Traffic;
import io.weft.dataplane.token.TokenSettings;
import io.weft.dataplane.token.TokenVerifier;
import io.weft.dataplane.upstream.Endpoint;
import io.weft.dataplane.upstream.UpstreamSettings;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.compile.PolicyText;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Plane;
import io.weft.policy.snapshot.PolicySnapshot;
import io.weft.policy.snapshot.PolicyVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The agent of {@code orders} and the agent of one of its callers, with sockets and TLS between
 * them.
 */
abstract class TlsBetweenAgents {

    private static final ServiceName ORDERS = ServiceName.parse("orders");
    static final TestAuthority AUTHORITY = TestAuthority.create("shop.example");
    static final String GET = Wire.get("/orders/1");

    private final Workers workers = Workers.start(Transport.byDefault(), 1);
    private final Traffic traffic = new Traffic("mesh", 1);
    private final RefusalLog refusals = new RefusalLog("test", Clock.systemUTC(), 1_000);
    private final Handshakes handshakes = new Handshakes();
    final WorkloadIdentity ofOrders = new WorkloadIdentity();
    private final Routing ordersRouting = routing("orders", ofOrders);
    private final TokenVerifier tokens =
            new TokenVerifier(
                    new TokenSettings(URI.create("https://127.0.0.1:1/jwks"), Path.of("target")),
                    () -> AuthServiceTrust.of(ofOrders),
                    new TokenCounts(),
                    Clock.systemUTC());
    TestUpstream application;
    Listener inbound;
    boolean permissive;
    private @Nullable Listener outbound;

    @BeforeEach
    void start() throws Exception {
        application = TestUpstream.answering("an order");
        show(ofOrders, AUTHORITY.workload("orders"));
        ordersRouting.policy(policy());
        inbound = listen(delivery(), new MeshDoor(ofOrders, () -> permissive, handshakes));
    }

    @AfterEach
    void stop() throws IOException {
        inbound.close();
        if (outbound != null) {
            outbound.close();
        }
        application.close();
        tokens.close();
        workers.close();
    }

    private Routing routing(String workload, WorkloadIdentity identity) {
        return new Routing(
                ServiceName.parse(workload), traffic, UpstreamSettings.DEFAULT, identity, 1);
    }

    static void show(WorkloadIdentity identity, TestIdentity own) throws Exception {
        show(identity, own, AUTHORITY.bundle());
    }

    static void show(WorkloadIdentity identity, TestIdentity own, String bundle) throws Exception {
        identity.replace(
                Credentials.of(
                        Svid.of(own.key(), own.chain()),
                        TrustBundle.parse(bundle),
                        Clock.systemUTC()));
    }

    private static PolicySnapshot policy() {
        var compilation =
                PolicyCompiler.compile(
                        List.of(
                                new PolicyText(
                                        "test.yml",
                                        """
                                        weft:
                                          trust-domain: shop.example
                                          services:
                                            cart: {protocol: http}
                                            orders: {protocol: http}
                                          access:
                                            cart-reads:
                                              to: {services: [orders], methods: [GET]}
                                              from: {workloads: [cart]}
                                              effect: allow
                                            local-health:
                                              to: {services: [orders], paths: [/health]}
                                              from: {networks: [127.0.0.0/8]}
                                              user: anyone
                                              effect: allow
                                        """)),
                        List.of(),
                        Good.NONE);
        assertThat(compilation.problems()).isEmpty();
        return PolicySnapshot.compile(
                Plane.MESH,
                new PolicyVersion(1, 1, "0000000000000000"),
                compilation.good().objects());
    }

    private LocalDelivery delivery() {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), application.port());
        var app =
                new Endpoint(
                        application.instance("orders"), address, UpstreamSettings.DEFAULT, null, 1);
        var cluster = new Cluster("orders", List.of(app));
        return new LocalDelivery(
                ordersRouting,
                new Admission(traffic),
                tokens,
                1,
                source ->
                        Admission.toLocalApplication(
                                cluster,
                                traffic.series(
                                        new SeriesKey(
                                                SeriesKey.DESTINATION,
                                                source,
                                                "orders",
                                                "",
                                                "inbound"))));
    }

    private Listener listen(RequestHandler handler, @Nullable MeshDoor door) {
        var unrouted =
                traffic.series(new SeriesKey(SeriesKey.SOURCE, "unknown", "unknown", "", "_none"));
        return Listener.open(
                new ListenerSpec(
                        door == null ? "outbound" : "inbound",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        ServerSettings.DEFAULT,
                        handler,
                        new Via("test-" + System.nanoTime(), false),
                        unrouted,
                        door,
                        door != null),
                workers.group(),
                workers.transport(),
                workers.all(),
                refusals);
    }

    /** The agent of a workload that calls orders. */
    Wire caller(String workload, TestIdentity own) throws Exception {
        return caller(workload, own, inbound.address().getPort());
    }

    /** One that takes another port for that of orders. */
    Wire caller(String workload, TestIdentity own, int port) throws Exception {
        var identity = new WorkloadIdentity();
        show(identity, own);
        return caller(workload, identity, port);
    }

    Wire caller(String workload, WorkloadIdentity identity) throws Exception {
        return caller(workload, identity, inbound.address().getPort());
    }

    Wire caller(String workload, WorkloadIdentity identity, int port) throws Exception {
        Routing routing = routing(workload, identity);
        routing.policy(policy());
        routing.endpoints(
                ORDERS,
                List.of(
                        new Instance(
                                "orders-1", ORDERS, new TreeMap<>(), "127.0.0.1", port, true)));
        var handler =
                new MeshOutbound(ServiceName.parse(workload), routing, new Admission(traffic));
        outbound = listen(handler, null);
        return Wire.to(outbound.address().getPort());
    }

    SSLSocket connect(SSLContext tls) throws IOException {
        var socket =
                (SSLSocket)
                        tls.getSocketFactory()
                                .createSocket("127.0.0.1", inbound.address().getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    String metrics() {
        var registry = new PrometheusRegistry();
        registry.register(traffic);
        registry.register(handshakes);
        return new Exposition(registry).scrape();
    }

    List<String> reasons() {
        return refusals.all().stream().map(Refusal::detail).toList();
    }

    void assertRefused(SSLContext tls, String reason) throws Exception {
        try (SSLSocket socket = connect(tls)) {
            assertNothingIsAnswered(socket);
        }
        await().untilAsserted(() -> assertThat(reasons()).contains(reason));
        assertThat(metrics()).contains("weft_connections_refused_total{reason=\"" + reason + "\"}");
        assertThat(application.requests()).isZero();
    }

    static void assertNothingIsAnswered(SSLSocket socket) throws IOException {
        try (Wire client = Wire.of(socket)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(
                            () -> {
                                client.write(GET);
                                if (client.isAtEnd()) {
                                    throw new IOException("ended");
                                }
                            });
        }
    }

    static String distrusting() throws Exception {
        byte[] issuer =
                MessageDigest.getInstance("SHA-256").digest(AUTHORITY.issuer().getEncoded());
        return AUTHORITY.bundle(2, List.of(), List.of(HexFormat.of().formatHex(issuer)));
    }
}
