// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weft.conformance.proxy.ProcessFigures;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.tls.TestAuthority;
import io.weft.conformance.tls.TestAuthority.Order;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.util.io.TeeOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The agent of {@code orders} and the agent of one of its callers, with sockets and TLS between
 * them.
 */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class MeshTlsTest {

    private static final ServiceName ORDERS = ServiceName.parse("orders");
    private static final TestAuthority AUTHORITY = TestAuthority.create("shop.example");
    private static final String GET = Wire.get("/orders/1");

    private final Workers workers = Workers.start(Transport.byDefault(), 1);
    private final Traffic traffic = new Traffic("mesh", 1);
    private final RefusalLog refusals = new RefusalLog("test", Clock.systemUTC(), 1_000);
    private final Handshakes handshakes = new Handshakes();
    private final WorkloadIdentity ofOrders = new WorkloadIdentity();
    private final Routing ordersRouting = routing("orders", ofOrders);
    private final TokenVerifier tokens =
            new TokenVerifier(
                    new TokenSettings(URI.create("https://127.0.0.1:1/jwks"), Path.of("target")),
                    () -> AuthServiceTrust.of(ofOrders),
                    new TokenCounts(),
                    Clock.systemUTC());
    private TestUpstream application;
    private Listener inbound;
    private boolean permissive;
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

    private static void show(WorkloadIdentity identity, TestIdentity own) throws Exception {
        show(identity, own, AUTHORITY.bundle());
    }

    private static void show(WorkloadIdentity identity, TestIdentity own, String bundle)
            throws Exception {
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
    private Wire caller(String workload, TestIdentity own) throws Exception {
        return caller(workload, own, inbound.address().getPort());
    }

    /** One that takes another port for that of orders. */
    private Wire caller(String workload, TestIdentity own, int port) throws Exception {
        var identity = new WorkloadIdentity();
        show(identity, own);
        return caller(workload, identity, port);
    }

    private Wire caller(String workload, WorkloadIdentity identity) throws Exception {
        return caller(workload, identity, inbound.address().getPort());
    }

    private Wire caller(String workload, WorkloadIdentity identity, int port) throws Exception {
        Routing routing = routing(workload, identity);
        routing.policy(policy());
        routing.endpoints(
                ORDERS,
                List.of(
                        new Instance(
                                "orders-1", ORDERS, new TreeMap<>(), "127.0.0.1", port, true)));
        outbound = listen(new MeshOutbound(routing, new Admission(traffic)), null);
        return Wire.to(outbound.address().getPort());
    }

    private SSLSocket connect(SSLContext tls) throws IOException {
        var socket =
                (SSLSocket)
                        tls.getSocketFactory()
                                .createSocket("127.0.0.1", inbound.address().getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private String metrics() {
        var registry = new PrometheusRegistry();
        registry.register(traffic);
        registry.register(handshakes);
        return new Exposition(registry).scrape();
    }

    private List<String> reasons() {
        return refusals.all().stream().map(Refusal::detail).toList();
    }

    // ---- who is let in --------------------------------------------------------------------------

    @Test
    void carriesRequestsBetweenWorkloads() throws Exception {
        try (Wire cart = caller("cart", AUTHORITY.workload("cart"))) {
            for (int i = 0; i < 3; i++) {
                assertThat(cart.ask(GET).body()).isEqualTo("an order");
            }
        }
        assertThat(metrics())
                .contains("reporter=\"destination\",route=\"inbound\",source=\"cart\"")
                .contains(
                        "weft_decisions_total{effect=\"allow\",mode=\"enforce\",rule=\"cart-reads\"} 3");
    }

    @Test
    void asksTheRulesWhoMayCall() throws Exception {
        try (Wire intruder = caller("intruder", AUTHORITY.workload("intruder"))) {
            assertThat(intruder.ask(GET).status()).isEqualTo(403);
            assertThat(intruder.ask(GET.replace("/orders/1", "/health")).status()).isEqualTo(200);
        }
        assertThat(application.requests()).isEqualTo(1);
    }

    @Test
    void believesTheCertificateAndNothingElse() throws Exception {
        try (Wire intruder = caller("cart", AUTHORITY.workload("intruder"))) {
            assertThat(intruder.ask(GET).status()).isEqualTo(403);
        }
    }

    @Test
    void usesNativeTls() {
        assertThat(OpenSsl.isAvailable()).isTrue();
    }

    @Test
    void refusesPlaintext() throws Exception {
        try (Wire plain = Wire.to(inbound.address().getPort())) {
            plain.write(GET);
            assertThat(plain.isAtEnd()).isTrue();
        }
        assertThat(reasons()).containsExactly("plaintext");
        assertThat(metrics()).contains("weft_connections_refused_total{reason=\"plaintext\"} 1");
        assertThat(application.requests()).isZero();
    }

    @Test
    void letsPlaintextInWhereItIsPermittedAndCountsIt() throws Exception {
        permissive = true;
        try (Wire plain = Wire.to(inbound.address().getPort())) {
            assertThat(plain.ask(GET).status()).isEqualTo(403);
            assertThat(plain.ask(GET.replace("/orders/1", "/health")).body()).isEqualTo("an order");
        }
        assertThat(metrics()).contains("weft_connections_plaintext_total 1");
        try (Wire cart = caller("cart", AUTHORITY.workload("cart"))) {
            assertThat(cart.ask(GET).status()).isEqualTo(200);
        }
    }

    private void assertRefused(SSLContext tls, String reason) throws Exception {
        try (SSLSocket socket = connect(tls)) {
            assertNothingIsAnswered(socket);
        }
        await().untilAsserted(() -> assertThat(reasons()).contains(reason));
        assertThat(metrics()).contains("weft_connections_refused_total{reason=\"" + reason + "\"}");
        assertThat(application.requests()).isZero();
    }

    @Test
    void refusesWhoeverShowsNoCertificate() throws Exception {
        assertRefused(TestIdentity.anonymous(), "handshake");
    }

    @Test
    void refusesAnotherTrustDomain() throws Exception {
        TestAuthority other = TestAuthority.create("other.example");
        assertRefused(other.workload("cart").believingEverybody(), "other-trust-domain");
    }

    @Test
    void refusesAnotherAuthority() throws Exception {
        TestAuthority other = TestAuthority.create("shop.example");
        assertRefused(other.workload("cart").believingEverybody(), "unknown-authority");
    }

    @Test
    void refusesWhatHasEnded() throws Exception {
        Instant now = Instant.now();
        var ended = AUTHORITY.order("cart").valid(now.minusSeconds(100), now.minusSeconds(1));
        assertRefused(AUTHORITY.issue(ended).believingEverybody(), "expired");
    }

    @Test
    void refusesAKeyThatIsNotTheCertificates() throws Exception {
        TestIdentity cart = AUTHORITY.workload("cart");
        var stolen = new TestIdentity(TestAuthority.newKey("secp256r1").getPrivate(), cart.chain());
        assertRefused(stolen.believingEverybody(), "handshake");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2"})
    void speaksNothingOlder(String protocol) throws Exception {
        try (SSLSocket socket = connect(AUTHORITY.workload("cart").believingEverybody())) {
            socket.setEnabledProtocols(new String[] {protocol});
            assertThatExceptionOfType(IOException.class).isThrownBy(socket::startHandshake);
        }
    }

    /** T-13: a thousand announce a ClientHello of 16 MiB (CVE-2026-45416) and fall silent. */
    @Test
    void keepsLittleForThoseWhoFallSilentAndNotForLong() throws Exception {
        byte[] announced = {22, 3, 1, 0x40, 0, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff};
        var silent = new ArrayList<Wire>();
        try {
            ProcessFigures before = figures();
            for (int i = 0; i < 1_000; i++) {
                Wire wire = Wire.to(inbound.address().getPort());
                silent.add(wire);
                wire.write(announced);
            }
            try (Wire cart = caller("cart", AUTHORITY.workload("cart"))) {
                assertThat(cart.ask(GET).status()).isEqualTo(200);
            }
            ProcessFigures now = figures();
            assertThat(now.directBytes() - before.directBytes()).isLessThan(1_000 * 64L * 1_024);
            assertThat(now.residentBytes() - before.residentBytes())
                    .isLessThan(1_000 * 64L * 1_024);
            Instant all = Instant.now();
            for (Wire each : silent) {
                assertThat(each.isAtEnd()).isTrue();
            }
            assertThat(Duration.between(all, Instant.now())).isLessThan(Duration.ofSeconds(8));
        } finally {
            for (Wire each : silent) {
                each.close();
            }
        }
    }

    private static ProcessFigures figures() throws IOException {
        return ProcessFigures.ofThisProcess(
                PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
    }

    /** T-15: ten thousand begin and stall, while somebody works and somebody else comes in. */
    @Test
    void hasRoomForThoseWhoFinishWhateverOthersDo() throws Exception {
        var stalled = new ArrayDeque<Wire>();
        var over = new AtomicBoolean();
        try (Wire cart = caller("cart", AUTHORITY.workload("cart"));
                var beside = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(cart.ask(GET).status()).isEqualTo(200);
            Future<Duration> slowest = beside.submit(() -> slowestUntil(over, cart));
            try {
                for (int i = 0; i < 10_000; i++) {
                    Wire wire = Wire.to(inbound.address().getPort());
                    stalled.add(wire);
                    wire.write(new byte[] {22, 3, 1});
                    if (stalled.size() > 2_048) {
                        try (Wire longest = stalled.removeFirst()) {
                            assertThat(longest.isAtEnd()).isTrue();
                        }
                    }
                }
                try (SSLSocket socket = connect(AUTHORITY.workload("cart").believingEverybody());
                        Wire newcomer = Wire.of(socket)) {
                    assertThat(newcomer.ask(GET).status()).isEqualTo(200);
                }
            } finally {
                over.set(true);
            }
            assertThat(slowest.get()).isLessThan(Duration.ofSeconds(1));
            assertThat(metrics()).contains("weft_connections_refused_total{reason=\"crowded\"}");
        } finally {
            for (Wire each : stalled) {
                each.close();
            }
        }
    }

    private static Duration slowestUntil(AtomicBoolean over, Wire client) throws IOException {
        Duration slowest = Duration.ZERO;
        while (!over.get()) {
            long before = System.nanoTime();
            assertThat(client.ask(GET).status()).isEqualTo(200);
            Duration spent = Duration.ofNanos(System.nanoTime() - before);
            slowest = spent.compareTo(slowest) > 0 ? spent : slowest;
        }
        return slowest;
    }

    /** T-01: there was a time when its issuer was believed. */
    @Test
    void refusesWhomAnAuthorityOfThePastVouchesFor() throws Exception {
        TestAuthority next = TestAuthority.create("shop.example");
        show(ofOrders, AUTHORITY.workload("orders"), AUTHORITY.bundle(1, List.of(next), List.of()));
        try (SSLSocket socket = connect(AUTHORITY.workload("cart").believingEverybody());
                Wire client = Wire.of(socket)) {
            assertThat(client.ask(GET).status()).isEqualTo(200);
        }
        int before = application.requests();
        show(ofOrders, next.workload("orders"), next.bundle());
        try (SSLSocket socket = connect(AUTHORITY.workload("cart").believingEverybody())) {
            assertNothingIsAnswered(socket);
        }
        await().untilAsserted(() -> assertThat(reasons()).contains("unknown-authority"));
        assertThat(application.requests()).isEqualTo(before);
    }

    private static void assertNothingIsAnswered(SSLSocket socket) throws IOException {
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

    /** Hostile inputs T-01 and T-03: whom no certificate of the mesh's own authority proves. */
    static Stream<Arguments> hostileLeaves() {
        Instant now = Instant.now();
        String id = AUTHORITY.idOf("cart");
        Order order = AUTHORITY.order("cart");
        return Stream.of(
                Arguments.of(
                        "begins in 61 s",
                        // Which is what is left when it gets there on a busy machine.
                        order.valid(now.plusSeconds(61 + 60), now.plusSeconds(900)),
                        "not-yet-valid"),
                Arguments.of("no name", AUTHORITY.order("cart").uris(), "no-workload"),
                Arguments.of(
                        "two names",
                        AUTHORITY.order("cart").uris(id, AUTHORITY.idOf("payments")),
                        "no-workload"),
                Arguments.of(
                        "the same name twice", AUTHORITY.order("cart").uris(id, id), "no-workload"),
                Arguments.of(
                        "in the subject alone",
                        AUTHORITY.order("cart").uris().subject("CN=" + id),
                        "no-workload"),
                Arguments.of(
                        "a host for all beside it",
                        AUTHORITY.order("cart").dns("*.example"),
                        "no-workload"),
                Arguments.of("an authority", AUTHORITY.order("cart").asAuthority(), "no-workload"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileLeaves")
    void refusesHostileLeaves(String name, Order order, String reason) throws Exception {
        assertThat(name).isNotEmpty();
        assertRefused(AUTHORITY.issue(order).believingEverybody(), reason);
    }

    /** Hostile inputs T-05 and T-07, as far as a client can be brought to show them. */
    static Stream<Arguments> hostileChains() {
        TestIdentity good = AUTHORITY.workload("cart");
        TestAuthority tooDeep = AUTHORITY.below(Order.authority("CN=below", 0));
        var critical = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
        return Stream.of(
                Arguments.of(
                        "an unknown critical extension",
                        AUTHORITY.issue(with(critical, true, 2)),
                        "unknown-authority"),
                Arguments.of(
                        "below the last issuer",
                        tooDeep.issue(tooDeep.order("cart"))
                                .behind(List.of(tooDeep.issuer(), AUTHORITY.issuer())),
                        "unknown-authority"),
                Arguments.of("no issuer", good.behind(List.of()), "unknown-authority"),
                Arguments.of(
                        "a loop",
                        good.behind(List.of(AUTHORITY.issuer(), good.leaf(), AUTHORITY.issuer())),
                        "unknown-authority"),
                Arguments.of(
                        "twelve certificates",
                        good.behind(Collections.nCopies(11, AUTHORITY.issuer())),
                        "too-large"),
                Arguments.of(
                        "a hundred certificates",
                        good.behind(Collections.nCopies(100, AUTHORITY.issuer())),
                        "handshake"),
                Arguments.of(
                        "a megabyte",
                        AUTHORITY.issue(with(critical, false, 1_000_000)),
                        "handshake"),
                Arguments.of(
                        "SHA-1",
                        AUTHORITY.issue(AUTHORITY.order("cart").algorithm("SHA1withECDSA")),
                        "weak-key"),
                Arguments.of(
                        "RSA of 1024 bits",
                        AUTHORITY.issue(
                                AUTHORITY.order("cart").key(TestAuthority.newRsaKey(1_024))),
                        "weak-key"));
    }

    private static Order with(ASN1ObjectIdentifier extension, boolean critical, int bytes) {
        return AUTHORITY
                .order("cart")
                .extra(
                        builder -> {
                            try {
                                builder.addExtension(
                                        new Extension(extension, critical, new byte[bytes]));
                            } catch (CertIOException e) {
                                throw new IllegalStateException(e);
                            }
                        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileChains")
    void refusesHostileChains(String name, TestIdentity client, String reason) throws Exception {
        assertThat(name).isNotEmpty();
        assertRefused(client.believingEverybody(), reason);
    }

    @Test
    void agreesOnAGroupThatQuantumComputersDoNotBreak() throws Exception {
        show(ofOrders, AUTHORITY.workload("orders"));
        Credentials credentials = requireNonNull(ofOrders.credentials());
        var to = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        SSLEngine client = credentials.newClientHandler(ByteBufAllocator.DEFAULT, to).engine();
        SSLEngine server =
                requireNonNull(credentials.newServerHandler(ByteBufAllocator.DEFAULT)).engine();
        ByteBuffer clientHello = ByteBuffer.wrap(wrapped(client));
        while (clientHello.hasRemaining()) {
            server.unwrap(clientHello, ByteBuffer.allocate(64 * 1024));
        }
        byte[] serverHello = wrapped(server);
        // The extension key_share (51), of any length, begins with X25519MLKEM768 (4588).
        assertThat(HexFormat.of().formatHex(serverHello)).containsPattern("0033....11ec");
    }

    private static byte[] wrapped(SSLEngine engine) throws SSLException {
        var bytes = ByteBuffer.allocate(64 * 1024);
        do {
            engine.wrap(ByteBuffer.allocate(0), bytes);
            Runnable task = engine.getDelegatedTask();
            if (task != null) {
                task.run();
            }
        } while (bytes.position() == 0);
        bytes.flip();
        byte[] written = new byte[bytes.remaining()];
        bytes.get(written);
        return written;
    }

    // ---- who is called --------------------------------------------------------------------------

    @Test
    void callsNobodyButTheServiceThatWasMeant() throws Exception {
        show(ofOrders, AUTHORITY.workload("payments"));
        try (Wire cart = caller("cart", AUTHORITY.workload("cart"))) {
            assertThat(cart.ask(GET).status()).isEqualTo(503);
        }
        assertThat(application.requests()).isZero();
    }

    /** T-19: whoever answers there is of the mesh, and hears nothing. */
    @Test
    void tellsTheWrongServiceNothing() throws Exception {
        try (RecordingUpstream wrong =
                        RecordingUpstream.start(
                                "payments",
                                Scripts.echo(),
                                AUTHORITY.workload("payments").believingEverybody());
                Wire cart = caller("cart", AUTHORITY.workload("cart"), wrong.address().getPort())) {
            assertThat(cart.ask(GET).status()).isEqualTo(503);
            assertThat(wrong.accepted()).isPositive();
            assertThat(wrong.requests()).isEmpty();
            assertThat(wrong.connections()).allMatch(each -> each.fragment().length == 0);
        }
    }

    @Test
    void callsNobodyOfAnotherAuthority() throws Exception {
        TestAuthority other = TestAuthority.create("shop.example");
        show(ofOrders, other.workload("orders"), other.bundle());
        try (Wire cart = caller("cart", AUTHORITY.workload("cart"))) {
            assertThat(cart.ask(GET).status()).isEqualTo(503);
        }
    }

    @Test
    void callsNobodyWithoutAnIdentity() throws Exception {
        try (Wire cart = caller("cart", new WorkloadIdentity())) {
            assertThat(cart.ask(GET).status()).isEqualTo(503);
        }
        assertThat(inbound.address()).isNotNull();
    }

    // ---- change ---------------------------------------------------------------------------------

    @Test
    void losesNoRequestToRenewal() throws Exception {
        var ofCart = new WorkloadIdentity();
        show(ofCart, AUTHORITY.workload("cart"));
        try (Wire cart = caller("cart", ofCart)) {
            for (int i = 0; i < 10; i++) {
                assertThat(cart.ask(GET).status()).isEqualTo(200);
                show(ofCart, AUTHORITY.workload("cart"));
                show(ofOrders, AUTHORITY.workload("orders"));
            }
        }
    }

    @Test
    void resumesSessions() throws Exception {
        SSLContext tls = AUTHORITY.workload("cart").believingEverybody();
        for (int i = 0; i < 3; i++) {
            try (SSLSocket socket = connect(tls);
                    Wire client = Wire.of(socket)) {
                assertThat(client.ask(GET).status()).isEqualTo(200);
            }
        }
        assertThat(tls.getClientSessionContext().getIds().hasMoreElements()).isTrue();
    }

    @Test
    void looksAgainWhenASessionIsResumed() throws Exception {
        SSLContext tls = AUTHORITY.workload("cart").believingEverybody();
        try (SSLSocket socket = connect(tls);
                Wire client = Wire.of(socket)) {
            assertThat(client.ask(GET).status()).isEqualTo(200);
        }
        TestAuthority next = AUTHORITY.withNewIssuer();
        show(ofOrders, next.workload("orders"), distrusting());
        int before = application.requests();
        try (SSLSocket socket = connect(tls)) {
            assertNothingIsAnswered(socket);
        }
        assertThat(application.requests()).isEqualTo(before);
    }

    /** T-17: the ticket is good for longer than the certificate that it was given for. */
    @Test
    void resumesNoSessionOfACertificateThatHasEnded() throws Exception {
        Instant end = Instant.now().plusSeconds(4);
        var brief = AUTHORITY.order("cart").valid(end.minusSeconds(90), end);
        SSLContext tls = AUTHORITY.issue(brief).believingEverybody();
        try (SSLSocket socket = connect(tls);
                Wire client = Wire.of(socket)) {
            assertThat(client.ask(GET).status()).isEqualTo(200);
        }
        int before = application.requests();
        await().until(() -> Instant.now().isAfter(end.plusSeconds(1)));
        try (SSLSocket socket = connect(tls)) {
            assertNothingIsAnswered(socket);
        }
        await().untilAsserted(() -> assertThat(reasons()).contains("expired"));
        assertThat(application.requests()).isEqualTo(before);
    }

    /** T-09: what was recorded of a connection is worth nothing on another. */
    @Test
    void answersNoReplay() throws Exception {
        SSLContext tls = AUTHORITY.workload("cart").believingEverybody();
        var recorded = new ByteArrayOutputStream();
        for (int i = 0; i < 2; i++) {
            recorded.reset();
            try (var recorder = new RecordingSocket(inbound.address(), recorded);
                    Socket socket =
                            tls.getSocketFactory()
                                    .createSocket(recorder, "127.0.0.1", recorder.getPort(), true);
                    Wire client = Wire.of(socket)) {
                assertThat(client.ask(GET).status()).isEqualTo(200);
            }
        }
        int before = application.requests();
        for (int i = 0; i < 2; i++) {
            try (Socket again =
                    new Socket(inbound.address().getAddress(), inbound.address().getPort())) {
                again.setSoTimeout(10_000);
                again.getOutputStream().write(recorded.toByteArray());
                readToTheEnd(again);
            }
        }
        assertThat(application.requests()).isEqualTo(before);
    }

    private static final class RecordingSocket extends Socket {

        private final OutputStream copy;

        RecordingSocket(InetSocketAddress address, OutputStream copy) throws IOException {
            super(address.getAddress(), address.getPort());
            this.copy = copy;
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new TeeOutputStream(super.getOutputStream(), copy);
        }
    }

    private static void readToTheEnd(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException _) {
            // Reset, which is an end, too.
        }
    }

    /** T-09: by a client that believes the ticket allows it. */
    @Test
    void takesNoEarlyData(@TempDir Path directory) throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/openssl")) || System.getenv("CI") != null,
                "openssl is not installed");
        AUTHORITY.workload("cart").keepIn(directory, AUTHORITY.bundle());
        String pem = Files.readString(directory.resolve("identity.pem"));
        Files.writeString(
                directory.resolve("issuer.pem"),
                pem.substring(pem.lastIndexOf("-----BEGIN CERTIFICATE")));
        Path request =
                Files.writeString(
                        directory.resolve("request"),
                        GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        Path session = directory.resolve("session.pem");
        String first = openssl(directory, request, "-sess_out", session.toString());
        assertThat(first).contains("an order");

        Path hopeful = directory.resolve("hopeful.pem");
        Files.writeString(hopeful, allowingEarlyData(Files.readString(session)));
        String second =
                openssl(
                        directory,
                        request,
                        "-sess_in",
                        hopeful.toString(),
                        "-early_data",
                        request.toString());
        assertThat(second)
                .contains("Reused, TLSv1.3", "Early data was rejected")
                .containsOnlyOnce("an order");
        assertThat(application.requests()).isEqualTo(2);
    }

    private String openssl(Path identity, Path request, String... more) throws Exception {
        String pem = identity.resolve("identity.pem").toString();
        var command =
                new ArrayList<>(
                        List.of(
                                "openssl",
                                "s_client",
                                "-connect",
                                "127.0.0.1:" + inbound.address().getPort(),
                                "-tls1_3",
                                "-alpn",
                                "http/1.1",
                                "-ign_eof",
                                "-cert",
                                pem,
                                "-key",
                                pem,
                                "-cert_chain",
                                identity.resolve("issuer.pem").toString()));
        command.addAll(List.of(more));
        Path output = identity.resolve("output");
        Process process =
                new ProcessBuilder(command)
                        .redirectInput(request.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output);
    }

    /** OpenSSL's own form of a session, with {@code max_early_data} [15], which it did not get. */
    private static String allowingEarlyData(String pem) throws IOException {
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        var members = new ASN1EncodableVector();
        var promise = new DERTaggedObject(true, 15, new ASN1Integer(16_384));
        boolean promised = false;
        for (ASN1Encodable each : ASN1Sequence.getInstance(der)) {
            if (!promised && each instanceof ASN1TaggedObject tagged && tagged.getTagNo() > 15) {
                members.add(promise);
                promised = true;
            }
            members.add(each);
        }
        if (!promised) {
            members.add(promise);
        }
        return "-----BEGIN SSL SESSION PARAMETERS-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(new DERSequence(members).getEncoded())
                + "\n-----END SSL SESSION PARAMETERS-----\n";
    }

    private static String distrusting() throws Exception {
        byte[] issuer =
                MessageDigest.getInstance("SHA-256").digest(AUTHORITY.issuer().getEncoded());
        return AUTHORITY.bundle(2, List.of(), List.of(HexFormat.of().formatHex(issuer)));
    }

    @Test
    void endsConnectionsOfThoseItNoLongerBelieves() throws Exception {
        try (SSLSocket socket = connect(AUTHORITY.workload("cart").believingEverybody());
                Wire client = Wire.of(socket)) {
            assertThat(client.ask(GET).status()).isEqualTo(200);
            show(ofOrders, AUTHORITY.withNewIssuer().workload("orders"), distrusting());
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void endsConnectionsWithTheCertificate() throws Exception {
        Instant now = Instant.now();
        var brief = AUTHORITY.order("cart").valid(now.minusSeconds(60), now.plusSeconds(3));
        try (SSLSocket socket = connect(AUTHORITY.issue(brief).believingEverybody());
                Wire client = Wire.of(socket)) {
            assertThat(client.ask(GET).status()).isEqualTo(200);
            assertThat(client.isAtEnd()).isTrue();
            assertThat(Duration.between(now, Instant.now())).isGreaterThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void letsNobodyInWhenItsOwnIdentityHasEnded() throws Exception {
        Instant now = Instant.now();
        var brief = AUTHORITY.order("orders").valid(now.minusSeconds(60), now.plusSeconds(1));
        show(ofOrders, AUTHORITY.issue(brief));
        await().until(() -> !ofOrders.isValid());
        assertRefused(AUTHORITY.workload("cart").believingEverybody(), "no-identity");
    }

    // ---- messages -------------------------------------------------------------------------------

    @Test
    void letsTheLastAnswerBeRead() throws Exception {
        try (SSLSocket socket = connect(AUTHORITY.workload("cart").believingEverybody());
                Wire client = Wire.of(socket)) {
            client.write("GET /orders/1 HTTP/1.1\r\nHost: orders\r\nContent-Length: x\r\n\r\n");
            client.write("more that nobody reads".repeat(1_000));
            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.isAtEnd()).isTrue();
        }
    }
}
