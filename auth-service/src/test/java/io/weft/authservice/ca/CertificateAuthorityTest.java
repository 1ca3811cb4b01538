// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.authservice.fixture.ManualClock;
import io.weft.authservice.fixture.TestCsrs;
import io.weft.authservice.seal.Seal;
import io.weft.authservice.seal.SealKey;
import io.weft.authservice.state.StateDirectory;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.SpiffeId;
import io.weft.policy.identity.TrustDomain;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {

    private static final TrustDomain DOMAIN = new TrustDomain("shop.example");
    private static final SpiffeId ORDERS = DOMAIN.idOf(ServiceName.parse("orders.sales"));
    private static final SealKey KEY = SealKey.of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    private static final Duration LEAF = Duration.ofHours(1);
    private static final Duration OVERLAP = Duration.ofMinutes(10);

    @TempDir Path directory;
    private final ManualClock clock = new ManualClock();
    private StateDirectory state;
    private CertificateAuthority authority;

    @BeforeEach
    void open() {
        state = StateDirectory.open(directory);
        authority = open(settings());
    }

    @AfterEach
    void close() throws IOException {
        state.close();
    }

    private static CertificateSettings settings() {
        return new CertificateSettings(
                LEAF, Duration.ofDays(90), Duration.ofDays(3650), OVERLAP, null);
    }

    private CertificateAuthority open(CertificateSettings settings) {
        return CertificateAuthority.open(DOMAIN, settings, state, Seal.of(KEY, state), clock);
    }

    private void restart(CertificateSettings settings) throws IOException {
        state.close();
        state = StateDirectory.open(directory);
        authority = open(settings);
    }

    private X509Certificate issue() throws Exception {
        return X509.parse(issueLeaf().der());
    }

    private Leaf issueLeaf() throws Exception {
        return authority.issue(ORDERS, Csr.read(TestCsrs.of(TestCsrs.key())));
    }

    private SpiffeId identify(Leaf leaf) throws CertificateException {
        var chain = new ArrayList<X509Certificate>();
        chain.add(X509.parse(leaf.der()));
        chain.addAll(leaf.issuers());
        return new PeerTrust(authority, clock).identify(chain.toArray(X509Certificate[]::new));
    }

    @Test
    void leafIsAsContracted() throws Exception {
        X509Certificate leaf = issue();

        assertThat(leaf.getSubjectAlternativeNames())
                .containsExactly(List.of(6, "spiffe://shop.example/ns/sales/svc/orders"));
        assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=orders.sales,O=weft");
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getCriticalExtensionOIDs()).containsOnly("2.5.29.19", "2.5.29.15");
        assertThat(leaf.getKeyUsage()).startsWith(true, false, false);
        assertThat(leaf.getExtendedKeyUsage())
                .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(leaf.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(leaf.getNotBefore().toInstant())
                .isBetween(clock.instant().minusSeconds(61), clock.instant().minusSeconds(60));
        assertThat(
                        Duration.between(
                                leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()))
                .isEqualTo(LEAF.plusSeconds(60));
        assertThat(leaf.getExtensionValue("2.5.29.14")).isNotNull();
        assertThat(leaf.getExtensionValue("2.5.29.35")).isNotNull();
        leaf.verify(authority.issuer().getPublicKey());
    }

    @Test
    void authoritiesSignOnlyWhatTheyMay() throws Exception {
        X509Certificate root = authority.bundle().roots().getFirst();

        assertThat(root.getBasicConstraints()).isEqualTo(1);
        assertThat(authority.issuer().getBasicConstraints()).isZero();
        authority.issuer().verify(root.getPublicKey());
        root.verify(root.getPublicKey());
    }

    @Test
    void ofTheRequestOnlyTheKeyCounts() throws Exception {
        var wishes = new ExtensionsGenerator();
        wishes.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        wishes.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.anyExtendedKeyUsage));
        wishes.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(
                        new GeneralName[] {
                            new GeneralName(6, "spiffe://shop.example/ns/default/svc/payments"),
                            new GeneralName(2, "*.example"),
                            new GeneralName(7, "127.0.0.1"),
                            new GeneralName(1, "root@example")
                        }));
        byte[] csr = TestCsrs.asking(TestCsrs.key(), "CN=payments", wishes);

        X509Certificate leaf = X509.parse(authority.issue(ORDERS, Csr.read(csr)).der());

        assertThat(leaf.getSubjectAlternativeNames())
                .containsExactly(List.of(6, "spiffe://shop.example/ns/sales/svc/orders"));
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getExtendedKeyUsage()).hasSize(2);
        assertThat(leaf.getNotAfter().toInstant()).isBeforeOrEqualTo(clock.instant().plus(LEAF));
    }

    @Test
    void serialsAreRandomAndUnique() {
        var form = new CertificateForm(DOMAIN, new SecureRandom());
        Set<BigInteger> seen = new HashSet<>();
        var union = BigInteger.ZERO;
        for (int i = 0; i < 1_000_000; i++) {
            BigInteger serial = form.serial();
            seen.add(serial);
            union = union.or(serial);
        }

        assertThat(seen).hasSize(1_000_000).allMatch(serial -> serial.signum() > 0);
        assertThat(union.bitCount()).isEqualTo(128);
    }

    @Test
    void isTheSameAfterARestart() throws Exception {
        TrustBundle before = authority.bundle();
        X509Certificate issuer = authority.issuer();
        restart(settings());

        assertThat(authority.bundle()).isEqualTo(before);
        assertThat(authority.issuer()).isEqualTo(issuer);
        assertThat(identify(issueLeaf())).isEqualTo(ORDERS);
    }

    @Test
    void keepsItsKeysToItself() throws Exception {
        String sealed =
                Files.readString(
                        directory.resolve("authority.sealed"), StandardCharsets.ISO_8859_1);

        assertThat(sealed).doesNotContain("issuerKey").doesNotContain("shop.example");
        assertThat(Files.readString(directory.resolve("root.pem")))
                .startsWith("-----BEGIN CERTIFICATE-----\n")
                .doesNotContain("PRIVATE");
    }

    @Test
    void issuerIsReplacedWithoutAChangeOfTheBundle() throws Exception {
        Leaf before = issueLeaf();
        long sequence = authority.bundle().sequence();
        X509Certificate old = authority.issuer();
        authority.rotateIssuer();

        assertThat(authority.issuer()).isNotEqualTo(old);
        assertThat(authority.bundle().sequence()).isEqualTo(sequence);
        assertThat(identify(before)).isEqualTo(ORDERS);
        assertThat(identify(issueLeaf())).isEqualTo(ORDERS);
    }

    @Test
    void issuerIsRenewedAfterHalfItsLife() throws Exception {
        X509Certificate old = authority.issuer();
        clock.pass(Duration.ofDays(44));
        authority.advance();
        assertThat(authority.issuer()).isEqualTo(old);
        clock.pass(Duration.ofDays(2));
        authority.advance();

        assertThat(authority.issuer()).isNotEqualTo(old);
        assertThat(identify(issueLeaf())).isEqualTo(ORDERS);
    }

    @Test
    void leafNeverOutlivesItsIssuer() throws Exception {
        clock.pass(Duration.ofDays(90).minusMinutes(30));

        assertThat(issue().getNotAfter()).isEqualTo(authority.issuer().getNotAfter());
        clock.pass(Duration.ofMinutes(31));
        assertThatThrownBy(this::issue)
                .isInstanceOf(AuthorityException.class)
                .hasMessageContaining("has expired");
    }

    @Test
    void rootIsReplacedInThreeStepsThatSurviveRestarts() throws Exception {
        Leaf first = issueLeaf();
        X509Certificate old = authority.bundle().roots().getFirst();
        long sequence = authority.bundle().sequence();

        authority.rotateRoot();
        X509Certificate fresh = authority.bundle().roots().getLast();
        assertThat(authority.bundle().roots()).containsExactly(old, fresh);
        assertThat(authority.bundle().sequence()).isEqualTo(sequence + 1);
        authority.issuer().verify(old.getPublicKey());
        assertThatThrownBy(authority::rotateRoot).hasMessageContaining("published already");
        assertThat(Files.readString(directory.resolve("root.pem")))
                .isEqualTo(X509.pem(old) + X509.pem(fresh));

        clock.pass(OVERLAP.minusSeconds(1));
        restart(settings());
        Leaf underOld = issueLeaf();
        authority.issuer().verify(old.getPublicKey());
        clock.pass(Duration.ofSeconds(1));
        authority.advance();
        authority.issuer().verify(fresh.getPublicKey());
        assertThat(identify(first)).isEqualTo(ORDERS);
        assertThat(identify(underOld)).isEqualTo(ORDERS);
        assertThat(identify(issueLeaf())).isEqualTo(ORDERS);

        clock.pass(LEAF.plusSeconds(59));
        restart(settings());
        assertThat(authority.bundle().roots()).containsExactly(old, fresh);
        clock.pass(Duration.ofSeconds(1));
        authority.advance();
        assertThat(authority.bundle().roots()).containsExactly(fresh);
        assertThat(authority.bundle().sequence()).isEqualTo(sequence + 2);
        assertThat(identify(issueLeaf())).isEqualTo(ORDERS);
        assertThatThrownBy(() -> identify(underOld)).isInstanceOf(CertificateException.class);
    }

    @Test
    void rootIsReplacedByItselfInTime() throws Exception {
        clock.pass(Duration.ofDays(3650).multipliedBy(4).dividedBy(5).plusSeconds(1));
        authority.advance();

        assertThat(authority.bundle().roots()).hasSize(2);
    }

    @Test
    void distrustedIssuerIsReplacedAndNothingOfItBelieved() throws Exception {
        Leaf before = issueLeaf();
        String name = X509.fingerprint(authority.issuer());
        long sequence = authority.bundle().sequence();
        authority.distrust(name);
        restart(settings());

        assertThat(authority.bundle().distrusted()).containsExactly(name);
        assertThat(authority.bundle().sequence()).isEqualTo(sequence + 1);
        assertThatThrownBy(() -> identify(before)).hasMessageContaining("distrusted");
        assertThat(identify(issueLeaf())).isEqualTo(ORDERS);
        assertThatThrownBy(() -> authority.distrust("00".repeat(32)))
                .isInstanceOf(AuthorityException.class);
    }

    @Test
    void distrustIsForgottenWhenNothingOfItHolds() throws Exception {
        authority.distrust(X509.fingerprint(authority.issuer()));
        clock.pass(Duration.ofDays(91));
        authority.advance();

        assertThat(authority.bundle().distrusted()).isEmpty();
    }

    @Test
    void takesAnIssuerMadeElsewhereAndGoesBack() throws Exception {
        Leaf own = issueLeaf();
        X509Certificate ownRoot = authority.bundle().roots().getFirst();
        var elsewhere = new Elsewhere();
        var settings = elsewhere.settings();
        restart(settings);

        assertThat(authority.issuer()).isEqualTo(elsewhere.issuer.certificate());
        assertThat(authority.bundle().roots())
                .containsExactly(elsewhere.root.certificate(), ownRoot);
        assertThat(identify(own)).isEqualTo(ORDERS);
        assertThat(identify(issueLeaf())).isEqualTo(ORDERS);
        assertThatThrownBy(authority::rotateRoot).hasMessageContaining("elsewhere");
        assertThatThrownBy(authority::rotateIssuer).hasMessageContaining("elsewhere");

        elsewhere.replaceIssuer();
        authority.advance();
        assertThat(authority.issuer()).isEqualTo(elsewhere.issuer.certificate());
        Files.writeString(directory.resolve("their.key"), "gone");
        authority.advance();
        assertThat(authority.issuer()).isEqualTo(elsewhere.issuer.certificate());

        clock.pass(LEAF.plusSeconds(61));
        authority.advance();
        assertThat(authority.bundle().roots()).containsExactly(elsewhere.root.certificate());

        restart(settings());
        assertThat(authority.bundle().roots()).hasSize(2);
        assertThat(identify(issueLeaf())).isEqualTo(ORDERS);
    }

    @Test
    void distrustedForeignIssuerIsNotUsed() throws Exception {
        var elsewhere = new Elsewhere();
        restart(elsewhere.settings());
        authority.distrust(X509.fingerprint(authority.issuer()));
        assertThatThrownBy(this::issue)
                .isInstanceOf(AuthorityException.class)
                .hasMessageContaining("weft.auth.certificates.issuer");

        elsewhere.replaceIssuer();
        authority.advance();
        assertThat(identify(issueLeaf())).isEqualTo(ORDERS);
    }

    /** A root that is kept somewhere else, and what it gave us. */
    private final class Elsewhere {
        private final CertificateForm form = new CertificateForm(DOMAIN, new SecureRandom());
        private final CertifiedKey root;
        private CertifiedKey issuer;

        Elsewhere() throws IOException {
            var key = EcKeys.generate();
            var validity = Validity.of(clock.instant(), Duration.ofDays(1000));
            root =
                    new CertifiedKey(
                            key.getPrivate(), List.of(X509.parse(form.root(key, validity))));
            issuer = newIssuer();
            write();
        }

        private CertifiedKey newIssuer() {
            var key = EcKeys.generate();
            var validity = Validity.of(clock.instant(), Duration.ofDays(100));
            return new CertifiedKey(
                    key.getPrivate(), List.of(X509.parse(form.issuer(root, key, validity))));
        }

        void replaceIssuer() throws IOException {
            issuer = newIssuer();
            write();
        }

        private void write() throws IOException {
            Files.writeString(directory.resolve("their.pem"), X509.pem(issuer.certificate()));
            Files.writeString(directory.resolve("their-root.pem"), X509.pem(root.certificate()));
            Files.writeString(
                    directory.resolve("their.key"),
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder().encodeToString(issuer.key().getEncoded())
                            + "\n-----END PRIVATE KEY-----\n");
        }

        CertificateSettings settings() {
            return new CertificateSettings(
                    LEAF,
                    Duration.ofDays(90),
                    Duration.ofDays(3650),
                    OVERLAP,
                    new CertificateSettings.ForeignIssuer(
                            directory.resolve("their.pem"),
                            directory.resolve("their.key"),
                            directory.resolve("their-root.pem")));
        }
    }

    @Test
    void subjectStaysWithinWhatItCanHold() throws Exception {
        var longest = new ServiceName("a".repeat(63), "b".repeat(63));
        Csr csr = Csr.read(TestCsrs.of(TestCsrs.key()));
        X509Certificate leaf = X509.parse(authority.issue(DOMAIN.idOf(longest), csr).der());

        assertThat(new X500Name(leaf.getSubjectX500Principal().getName()).toString())
                .isEqualTo("CN=" + "a".repeat(63) + ",O=weft");
    }
}
