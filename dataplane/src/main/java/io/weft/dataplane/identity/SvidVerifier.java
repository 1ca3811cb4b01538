// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import io.weft.dataplane.identity.UntrustedPeerException.Reason;
import io.weft.policy.identity.SpiffeId;
import io.weft.policy.identity.TrustDomain;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells which workload a chain of certificates proves, under one trust bundle: the path is valid by
 * RFC 5280, its end names exactly one workload of the trust domain (X509-SVID), and everything that
 * costs time is bounded before it is begun.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md">X509-SVID</a>
 */
final class SvidVerifier {

    /** A leaf, an issuer, and room for two more authorities between it and the root. */
    private static final int MAX_CHAIN = 4;

    private static final int MAX_BYTES = 16 * 1024;
    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final int URI = 6;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int CERTIFICATE_SIGN = 5;
    private static final int CRL_SIGN = 6;
    private static final List<String> TLS_BOTH_WAYS =
            List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    private static final Set<String> SIGNATURES =
            Set.of("SHA256withECDSA", "SHA384withECDSA", "SHA256withRSA", "SHA384withRSA");
    private static final Set<Integer> CURVE_BITS = Set.of(256, 384);
    private static final int MIN_RSA_BITS = 2_048;
    private static final int MAX_RSA_BITS = 4_096;
    private static final BigInteger MIN_RSA_EXPONENT = BigInteger.valueOf(65_537);
    private static final int MAX_KNOWN = 4_096;

    private final @Nullable TrustDomain trustDomain;
    private final TrustBundle bundle;
    private final Clock clock;

    /** What was verified before: peers come back, and their certificates stay what they are. */
    private final Map<String, Peer> known = new ConcurrentHashMap<>();

    /**
     * @param trustDomain whose workloads are believed, or null for those of any that the bundle's
     *     roots vouch for
     */
    SvidVerifier(@Nullable TrustDomain trustDomain, TrustBundle bundle, Clock clock) {
        this.trustDomain = trustDomain;
        this.bundle = bundle;
        this.clock = clock;
    }

    /**
     * Tells whom the chain proves.
     *
     * @param chain the peer's own certificate first
     */
    Peer verify(List<X509Certificate> chain) throws UntrustedPeerException {
        if (chain.isEmpty()) {
            throw new UntrustedPeerException(Reason.NO_CERTIFICATE, "the peer showed none");
        }
        if (chain.size() > MAX_CHAIN) {
            throw new UntrustedPeerException(
                    Reason.TOO_LARGE, "more than " + MAX_CHAIN + " certificates");
        }
        String fingerprint = fingerprint(chain);
        Peer peer = known.get(fingerprint);
        if (peer == null) {
            peer = verifyNew(chain);
            if (known.size() >= MAX_KNOWN) {
                known.clear();
            }
            known.put(fingerprint, peer);
        }
        if (bundle.removed().contains(peer.id())) {
            throw new UntrustedPeerException(Reason.REMOVED, peer.id() + " was removed");
        }
        checkTime(chain);
        return peer;
    }

    private Peer verifyNew(List<X509Certificate> chain) throws UntrustedPeerException {
        X509Certificate leaf = chain.getFirst();
        for (X509Certificate each : chain) {
            checkKey(each.getPublicKey());
            checkSignature(each);
        }
        SpiffeId id = idOf(leaf);
        if (trustDomain != null && !id.trustDomain().equals(trustDomain)) {
            throw new UntrustedPeerException(
                    Reason.OTHER_TRUST_DOMAIN,
                    id + " (expected: a workload of " + trustDomain + ")");
        }
        checkUse(leaf, id);
        checkTime(chain);
        for (X509Certificate authority : chain.subList(1, chain.size())) {
            if (bundle.distrusted().contains(sha256(authority))) {
                throw new UntrustedPeerException(
                        Reason.DISTRUSTED, id + " was issued by " + name(authority));
            }
        }
        checkPath(chain, id);
        return new Peer(id, notAfter(chain), chain);
    }

    // ---- the pieces -----------------------------------------------------------------------------

    /**
     * The one identity that a certificate names.
     *
     * @throws UntrustedPeerException when it is not exactly one, alone, and a workload's
     */
    static SpiffeId idOf(X509Certificate leaf) throws UntrustedPeerException {
        Collection<List<?>> names;
        try {
            names = leaf.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            throw new UntrustedPeerException(Reason.MALFORMED, "unreadable alternative names");
        }
        if (names == null || names.size() != 1) {
            throw new UntrustedPeerException(
                    Reason.NO_WORKLOAD, "the certificate does not have exactly one name");
        }
        List<?> only = names.iterator().next();
        if (!only.get(0).equals(URI) || !(only.get(1) instanceof String uri)) {
            throw new UntrustedPeerException(
                    Reason.NO_WORKLOAD, "the certificate's name is not a URI");
        }
        try {
            return SpiffeId.parse(uri);
        } catch (IllegalArgumentException e) {
            throw new UntrustedPeerException(
                    Reason.NO_WORKLOAD, "the certificate's name is " + e.getMessage());
        }
    }

    private static void checkUse(X509Certificate leaf, SpiffeId id) throws UntrustedPeerException {
        boolean[] usage = leaf.getKeyUsage();
        List<String> purposes;
        try {
            purposes = leaf.getExtendedKeyUsage();
        } catch (CertificateParsingException e) {
            throw new UntrustedPeerException(Reason.MALFORMED, "unreadable key usage");
        }
        if (leaf.getBasicConstraints() >= 0
                || purposes != null && !purposes.containsAll(TLS_BOTH_WAYS)
                || usage == null
                || !usage[DIGITAL_SIGNATURE]
                || usage[CERTIFICATE_SIGN]
                || usage[CRL_SIGN]) {
            throw new UntrustedPeerException(
                    Reason.NO_WORKLOAD, id + ": not a certificate to authenticate with");
        }
    }

    /** Before any signature is checked: a check's cost grows with the key. */
    private static void checkKey(PublicKey key) throws UntrustedPeerException {
        boolean strong =
                switch (key) {
                    case ECPublicKey ec ->
                            CURVE_BITS.contains(
                                    ec.getParams().getCurve().getField().getFieldSize());
                    case RSAPublicKey rsa ->
                            rsa.getModulus().bitLength() >= MIN_RSA_BITS
                                    && rsa.getModulus().bitLength() <= MAX_RSA_BITS
                                    && rsa.getPublicExponent().compareTo(MIN_RSA_EXPONENT) >= 0
                                    && rsa.getPublicExponent().bitLength() <= 32;
                    default -> false;
                };
        if (!strong) {
            throw new UntrustedPeerException(
                    Reason.WEAK_KEY, key.getAlgorithm() + " key of a kind that is not accepted");
        }
    }

    private static void checkSignature(X509Certificate certificate) throws UntrustedPeerException {
        if (!SIGNATURES.contains(certificate.getSigAlgName())) {
            throw new UntrustedPeerException(
                    Reason.WEAK_KEY, "signed with " + certificate.getSigAlgName());
        }
    }

    private void checkTime(List<X509Certificate> chain) throws UntrustedPeerException {
        Instant now = clock.instant();
        for (X509Certificate each : chain) {
            if (!now.isBefore(each.getNotAfter().toInstant())) {
                throw new UntrustedPeerException(
                        Reason.EXPIRED, name(each) + " ended " + each.getNotAfter().toInstant());
            }
            if (now.plus(SKEW).isBefore(each.getNotBefore().toInstant())) {
                throw new UntrustedPeerException(
                        Reason.NOT_YET_VALID,
                        name(each) + " begins " + each.getNotBefore().toInstant());
            }
        }
    }

    private void checkPath(List<X509Certificate> chain, SpiffeId id) throws UntrustedPeerException {
        Instant now = clock.instant();
        Set<TrustAnchor> anchors =
                bundle.roots().stream()
                        .filter(root -> now.isBefore(root.getNotAfter().toInstant()))
                        .map(root -> new TrustAnchor(root, null))
                        .collect(Collectors.toSet());
        if (anchors.isEmpty()) {
            throw new UntrustedPeerException(Reason.UNKNOWN_AUTHORITY, "every root has expired");
        }
        try {
            List<X509Certificate> path =
                    chain.stream().filter(each -> !bundle.roots().contains(each)).toList();
            CertPath certificates = CertificateFactory.getInstance("X.509").generateCertPath(path);
            var parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(within(path, now));
            CertPathValidator.getInstance("PKIX").validate(certificates, parameters);
        } catch (CertPathValidatorException e) {
            throw new UntrustedPeerException(
                    Reason.UNKNOWN_AUTHORITY,
                    id + ": no path to a root of this mesh (" + e.getMessage() + ")");
        } catch (GeneralSecurityException e) {
            throw new UntrustedPeerException(Reason.MALFORMED, id + ": " + e.getMessage());
        }
    }

    /** Time has been checked with tolerance for clocks; the path is to hold at that time, too. */
    private static Date within(List<X509Certificate> path, Instant now) {
        Instant latest = now;
        for (X509Certificate each : path) {
            Instant begins = each.getNotBefore().toInstant();
            latest = begins.isAfter(latest) ? begins : latest;
        }
        return Date.from(latest);
    }

    /** The first moment at which one of the certificates is no longer valid. */
    static Instant notAfter(List<X509Certificate> chain) {
        return chain.stream()
                .map(each -> each.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElse(Instant.MIN);
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    private static String fingerprint(List<X509Certificate> chain) throws UntrustedPeerException {
        MessageDigest digest = sha256();
        int size = 0;
        for (X509Certificate each : chain) {
            byte[] der = der(each);
            size += der.length;
            digest.update(der);
        }
        if (size > MAX_BYTES) {
            throw new UntrustedPeerException(
                    Reason.TOO_LARGE, "certificates of more than " + MAX_BYTES + " bytes");
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String sha256(X509Certificate certificate) throws UntrustedPeerException {
        return HexFormat.of().formatHex(sha256().digest(der(certificate)));
    }

    private static byte[] der(X509Certificate certificate) throws UntrustedPeerException {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new UntrustedPeerException(Reason.MALFORMED, "unreadable certificate");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
