// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.weft.conformance.tls.TestAuthority;
import io.weft.conformance.tls.TestAuthority.Order;
import io.weft.conformance.tls.TestIdentity;
import io.weft.dataplane.identity.UntrustedPeerException.Reason;
import io.weft.policy.identity.TrustDomain;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whom certificates prove, and all those that prove nobody. */
class SvidVerifierTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create("shop.example");
    private static final TestAuthority STRANGER = TestAuthority.create("shop.example");

    private static SvidVerifier verifier(String bundle) throws Exception {
        return new SvidVerifier(
                new TrustDomain("shop.example"), TrustBundle.parse(bundle), Clock.systemUTC());
    }

    private static SvidVerifier verifier() throws Exception {
        return verifier(AUTHORITY.bundle());
    }

    private static Order order() {
        return AUTHORITY.order("orders");
    }

    @Test
    void believesAWorkload() throws Exception {
        TestIdentity orders = AUTHORITY.workload("orders");
        Peer peer = verifier().verify(orders.chain());
        assertThat(peer.id()).hasToString("spiffe://shop.example/ns/default/svc/orders");
        assertThat(peer.notAfter()).isEqualTo(orders.leaf().getNotAfter().toInstant());
    }

    @Test
    void believesAWorkloadThatShowsTheRootToo() throws Exception {
        var chain = new ArrayList<>(AUTHORITY.workload("orders").chain());
        chain.add(AUTHORITY.root());
        assertThat(verifier().verify(chain).id().workload()).hasToString("orders");
    }

    @Test
    void believesAWorkloadThatItsIssuerMayName() throws Exception {
        TestAuthority constrained =
                AUTHORITY.withIssuer(Order.authority("CN=here only", 0).permitting("shop.example"));
        assertThat(verifier().verify(constrained.workload("orders").chain()).id().workload())
                .hasToString("orders");
    }

    @Test
    void believesEitherRootWhileBothAreInTheBundle() throws Exception {
        SvidVerifier both = verifier(AUTHORITY.bundle(2, List.of(STRANGER), List.of()));
        both.verify(AUTHORITY.workload("orders").chain());
        both.verify(STRANGER.workload("orders").chain());
    }

    private static Arguments row(String name, TestIdentity identity, Reason reason) {
        return Arguments.of(name, identity.chain(), reason);
    }

    private static TestIdentity issue(Order order) {
        return AUTHORITY.issue(order);
    }

    static Stream<Arguments> strangers() {
        Instant now = Instant.now();
        TestIdentity good = AUTHORITY.workload("orders");
        String id = AUTHORITY.idOf("orders");
        var unknownCritical = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
        TestAuthority tooDeep = AUTHORITY.below(Order.authority("CN=below", 0));
        TestAuthority constrained =
                AUTHORITY.withIssuer(
                        Order.authority("CN=elsewhere only", 0).permitting("other.example"));
        return Stream.of(
                row(
                        "ended a second ago",
                        issue(order().valid(now.minusSeconds(600), now.minusSeconds(1))),
                        Reason.EXPIRED),
                row(
                        "begins in 61 s",
                        issue(order().valid(now.plusSeconds(62), now.plusSeconds(600))),
                        Reason.NOT_YET_VALID),
                row("no name", issue(order().uris()), Reason.NO_WORKLOAD),
                row(
                        "two names",
                        issue(order().uris(id, AUTHORITY.idOf("cart"))),
                        Reason.NO_WORKLOAD),
                row(
                        "a host beside the workload",
                        issue(order().dns("*.example")),
                        Reason.NO_WORKLOAD),
                row("a host alone", issue(order().uris().dns("orders")), Reason.NO_WORKLOAD),
                row(
                        "a URI that is no workload",
                        issue(order().uris("spiffe://shop.example/orders")),
                        Reason.NO_WORKLOAD),
                row(
                        "a URI of the web",
                        issue(order().uris("https://shop.example/ns/default/svc/orders")),
                        Reason.NO_WORKLOAD),
                row(
                        "another trust domain",
                        issue(order().uris("spiffe://evil.example/ns/default/svc/orders")),
                        Reason.OTHER_TRUST_DOMAIN),
                row("an authority", issue(order().asAuthority()), Reason.NO_WORKLOAD),
                row(
                        "a key for signing certificates",
                        issue(order().usage(KeyUsage.digitalSignature | KeyUsage.keyCertSign)),
                        Reason.NO_WORKLOAD),
                row(
                        "a key for encryption",
                        issue(order().usage(KeyUsage.keyEncipherment)),
                        Reason.NO_WORKLOAD),
                row(
                        "a certificate for code",
                        issue(order().purposes(KeyPurposeId.id_kp_codeSigning)),
                        Reason.NO_WORKLOAD),
                row(
                        "an unknown critical extension",
                        issue(order().extension(unknownCritical, true, new byte[] {5, 0})),
                        Reason.UNKNOWN_AUTHORITY),
                row("another authority", STRANGER.workload("orders"), Reason.UNKNOWN_AUTHORITY),
                row(
                        "another authority's leaf, our issuer",
                        STRANGER.workload("orders").behind(List.of(AUTHORITY.issuer())),
                        Reason.UNKNOWN_AUTHORITY),
                row("no issuer", good.behind(List.of()), Reason.UNKNOWN_AUTHORITY),
                row(
                        "below the last issuer",
                        tooDeep.issue(tooDeep.order("orders"))
                                .behind(List.of(tooDeep.issuer(), AUTHORITY.issuer())),
                        Reason.UNKNOWN_AUTHORITY),
                row(
                        "outside its issuer's names",
                        constrained.issue(order()),
                        Reason.UNKNOWN_AUTHORITY),
                row("issued by itself", selfSigned(), Reason.UNKNOWN_AUTHORITY),
                row(
                        "twelve certificates",
                        good.behind(Collections.nCopies(11, AUTHORITY.issuer())),
                        Reason.TOO_LARGE),
                row(
                        "a loop",
                        good.behind(List.of(AUTHORITY.issuer(), good.leaf(), AUTHORITY.issuer())),
                        Reason.UNKNOWN_AUTHORITY),
                row(
                        "a large certificate",
                        issue(order().extension(unknownCritical, false, new byte[20_000])),
                        Reason.TOO_LARGE),
                row(
                        "an RSA key of 1024 bits",
                        issue(order().key(TestAuthority.newRsaKey(1_024))),
                        Reason.WEAK_KEY),
                row(
                        "an RSA key of 16384 bits",
                        issue(order().key(TestAuthority.rsaKey(16_384, 65_537))),
                        Reason.WEAK_KEY),
                row(
                        "an RSA key with the exponent 3",
                        issue(order().key(TestAuthority.rsaKey(2_048, 3))),
                        Reason.WEAK_KEY),
                row(
                        "a key on P-521",
                        issue(order().key(TestAuthority.newKey("secp521r1"))),
                        Reason.WEAK_KEY),
                row(
                        "an Ed25519 key",
                        issue(order().key(TestAuthority.newEdwardsKey())),
                        Reason.WEAK_KEY),
                row("SHA-1", issue(order().algorithm("SHA1withECDSA")), Reason.WEAK_KEY));
    }

    private static TestIdentity selfSigned() {
        var key = TestAuthority.newKey("secp256r1");
        return new TestIdentity(
                key.getPrivate(),
                List.of(order().signedBy("O=weft,CN=workload", key, key.getPublic())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangers")
    void believesNobodyElse(String name, List<X509Certificate> chain, Reason reason)
            throws Exception {
        SvidVerifier verifier = verifier();
        assertThatExceptionOfType(UntrustedPeerException.class)
                .isThrownBy(() -> verifier.verify(chain))
                .satisfies(refused -> assertThat(refused.reason()).as(name).isEqualTo(reason));
    }

    @Test
    void believesNobodyWithoutACertificate() throws Exception {
        SvidVerifier verifier = verifier();
        assertThatExceptionOfType(UntrustedPeerException.class)
                .isThrownBy(() -> verifier.verify(List.of()));
    }

    @Test
    void ceasesToBelieveWhatItKnewWhenItEnds() throws Exception {
        TestIdentity orders = AUTHORITY.workload("orders");
        TrustBundle bundle = TrustBundle.parse(AUTHORITY.bundle());
        var domain = new TrustDomain("shop.example");
        Clock later = Clock.fixed(Instant.now().plus(Duration.ofHours(2)), ZoneOffset.UTC);
        new SvidVerifier(domain, bundle, Clock.systemUTC()).verify(orders.chain());
        assertThatExceptionOfType(UntrustedPeerException.class)
                .isThrownBy(() -> new SvidVerifier(domain, bundle, later).verify(orders.chain()))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.EXPIRED));
    }

    @Test
    void believesNobodyWhoWasRemoved() throws Exception {
        SvidVerifier verifier = verifier(AUTHORITY.bundleWithout(2, "orders"));
        assertThatExceptionOfType(UntrustedPeerException.class)
                .isThrownBy(() -> verifier.verify(AUTHORITY.workload("orders").chain()))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.REMOVED));
        assertThat(verifier.verify(AUTHORITY.workload("cart").chain()).id().workload())
                .hasToString("cart");
    }

    @Test
    void believesNoIssuerThatIsDistrusted() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(AUTHORITY.issuer().getEncoded());
        SvidVerifier verifier =
                verifier(AUTHORITY.bundle(2, List.of(), List.of(HexFormat.of().formatHex(hash))));
        assertThatExceptionOfType(UntrustedPeerException.class)
                .isThrownBy(() -> verifier.verify(AUTHORITY.workload("orders").chain()))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.DISTRUSTED));
        TestAuthority next = AUTHORITY.withNewIssuer();
        assertThat(verifier.verify(next.workload("orders").chain()).id().workload())
                .hasToString("orders");
    }
}
