// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.weft.conformance.proxy.ProcessFigures;
import io.weft.conformance.tls.TestAuthority;
import io.weft.conformance.tls.TestAuthority.Order;
import io.weft.conformance.tls.TestIdentity;
import io.weft.dataplane.Wire;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section E of the hostile inputs: who gets no further than the handshake, and what that costs. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HostileHandshakeTest extends TlsBetweenAgents {

    /** For what costs a processor milliseconds, on a machine that does something else, too. */
    private static final Duration BOUND = Duration.ofSeconds(3);

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

    /** T-05, and T-07 as far as a JDK makes such keys. */
    static Stream<Arguments> hostileChains() {
        TestIdentity good = AUTHORITY.workload("cart");
        TestAuthority tooDeep = AUTHORITY.below(Order.authority("CN=below", 0));
        TestAuthority constrained =
                AUTHORITY.withIssuer(
                        Order.authority("CN=elsewhere only", 0).permitting("other.example"));
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
                Arguments.of(
                        "outside its issuer's names",
                        constrained.workload("cart"),
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

    /** T-05 and T-07: certificates that no library would make or show by itself. */
    static Stream<Arguments> strangeKeys() throws Exception {
        byte[] flipped = point("P-256").clone();
        flipped[40] ^= 1;
        var ed25519 = TestAuthority.newEdwardsKey().getPublic().getEncoded();
        var rsaSigned = AUTHORITY.order("cart").algorithm("MD5withRSA");
        KeyPair any = TestAuthority.newRsaKey(2_048);
        byte[] md5 =
                rsaSigned
                        .signedBy(
                                AUTHORITY.issuer().getSubjectX500Principal().getName(),
                                any,
                                TestAuthority.newKey("secp256r1").getPublic())
                        .getEncoded();
        byte[] oddIssuer =
                AUTHORITY.issue(Order.authority("CN=odd", 0), ec("P-256", flipped)).getFirst();
        byte[] leaf = AUTHORITY.workload("cart").leaf().getEncoded();
        byte[] issuer = AUTHORITY.issuer().getEncoded();
        return Stream.of(
                shown("P-256, not on the curve", ec("P-256", flipped), "handshake"),
                shown("P-256, at infinity", ec("P-256", new byte[1]), "handshake"),
                shown("P-192", ec("P-192", point("P-192")), "handshake"),
                shown("P-521", ec("P-521", point("P-521")), "weak-key"),
                shown("secp256k1", ec("secp256k1", point("secp256k1")), "handshake"),
                shown("RSA of 16,384 bits", rsa(16_384, 65_537), "handshake"),
                shown("RSA of 100,000 bits", rsa(100_000, 65_537), "handshake"),
                shown("RSA of 2,048 bits with the exponent 1", rsa(2_048, 1), "handshake"),
                shown("RSA of 2,048 bits with the exponent 3", rsa(2_048, 3), "weak-key"),
                shown("Ed25519", SubjectPublicKeyInfo.getInstance(ed25519), "weak-key"),
                Arguments.of("MD5", List.of(md5, issuer), "weak-key"),
                Arguments.of(
                        "an issuer off the curve", List.of(leaf, oddIssuer), "unknown-authority"),
                Arguments.of("noise", List.of(new byte[200]), "handshake"),
                Arguments.of("noise for an issuer", List.of(leaf, new byte[200]), "handshake"));
    }

    private static Arguments shown(String name, SubjectPublicKeyInfo key, String reason) {
        return Arguments.of(name, AUTHORITY.issue(AUTHORITY.order("cart"), key), reason);
    }

    private static SubjectPublicKeyInfo ec(String curve, byte[] point) {
        return new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(
                        X9ObjectIdentifiers.id_ecPublicKey, ECNamedCurveTable.getOID(curve)),
                point);
    }

    private static byte[] point(String curve) {
        return ECNamedCurveTable.getByName(curve).getG().multiply(BigInteger.TWO).getEncoded(false);
    }

    private static SubjectPublicKeyInfo rsa(int bits, long exponent) throws IOException {
        var modulus = BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.ONE);
        return new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                new RSAPublicKey(modulus, BigInteger.valueOf(exponent)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangeKeys")
    void refusesStrangeKeys(String name, List<byte[]> certificates, String reason)
            throws Exception {
        TestIdentity client = AUTHORITY.workload("cart").showing(certificates);
        Instant begun = Instant.now();
        assertRefused(client.believingEverybody(), reason);
        assertThat(Duration.between(begun, Instant.now())).as(name).isLessThan(BOUND);
    }

    private static Order with(ASN1ObjectIdentifier extension, boolean critical, int bytes) {
        return AUTHORITY.order("cart").extension(extension, critical, new byte[bytes]);
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
}
