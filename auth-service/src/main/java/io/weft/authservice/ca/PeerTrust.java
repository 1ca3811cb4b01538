// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import io.weft.policy.identity.SpiffeId;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who a peer is, by its certificates and the bundle of this moment. Asked at the handshake and at
 * each use again: a connection may outlive what it was opened with.
 */
public final class PeerTrust {

    private static final int MAX_CHAIN = 4;

    private static final int URI = 6;

    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    private final CertificateAuthority authority;
    private final Clock clock;

    public PeerTrust(CertificateAuthority authority, Clock clock) {
        this.authority = authority;
        this.clock = clock;
    }

    /**
     * The workload whose certificate this is.
     *
     * @param chain the leaf first
     * @throws CertificateException when it is nobody's, expired or distrusted
     */
    public SpiffeId identify(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0 || chain.length > MAX_CHAIN) {
            throw new CertificateException(
                    "chain: " + chain.length + " certificates (expected: 1-" + MAX_CHAIN + ")");
        }
        TrustBundle bundle = authority.bundle();
        requirePath(chain, bundle);
        requireTrusted(chain, bundle);
        return identity(chain[0]);
    }

    private void requirePath(X509Certificate[] chain, TrustBundle bundle)
            throws CertificateException {
        Set<TrustAnchor> anchors = new HashSet<>();
        bundle.roots().forEach(root -> anchors.add(new TrustAnchor(root, null)));
        List<X509Certificate> path =
                Arrays.stream(chain).filter(each -> !bundle.roots().contains(each)).toList();
        if (path.isEmpty()) {
            throw new CertificateException("a root is not a workload");
        }
        try {
            var parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(clock.instant()));
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509").generateCertPath(path),
                            parameters);
        } catch (CertificateException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new CertificateException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void requireTrusted(X509Certificate[] chain, TrustBundle bundle)
            throws CertificateException {
        for (X509Certificate each : chain) {
            if (bundle.distrusted().contains(X509.fingerprint(each))) {
                throw new CertificateException("its issuing certificate is distrusted");
            }
        }
    }

    private SpiffeId identity(X509Certificate leaf) throws CertificateException {
        if (leaf.getBasicConstraints() >= 0) {
            throw new CertificateException("an authority is not a workload");
        }
        if (!(leaf.getPublicKey() instanceof ECPublicKey)) {
            throw new CertificateException("its key is not on an elliptic curve");
        }
        List<String> usages = leaf.getExtendedKeyUsage();
        if (usages == null || !usages.contains(CLIENT_AUTH)) {
            throw new CertificateException("not for clients");
        }
        SpiffeId id = id(leaf);
        if (!id.trustDomain().equals(authority.domain())) {
            throw new CertificateException("of another trust domain");
        }
        return id;
    }

    /** The one name it has (X509-SVID §2). */
    private static SpiffeId id(X509Certificate leaf) throws CertificateException {
        Collection<List<?>> names = names(leaf);
        if (names.size() != 1) {
            throw new CertificateException(names.size() + " names (expected: exactly one URI)");
        }
        List<?> name = names.iterator().next();
        if (!Integer.valueOf(URI).equals(name.get(0)) || !(name.get(1) instanceof String uri)) {
            throw new CertificateException("its name is not a URI");
        }
        try {
            return SpiffeId.parse(uri);
        } catch (IllegalArgumentException e) {
            throw new CertificateException(e.getMessage(), e);
        }
    }

    private static Collection<List<?>> names(X509Certificate leaf)
            throws CertificateParsingException {
        Collection<List<?>> names = leaf.getSubjectAlternativeNames();
        return names == null ? List.of() : names;
    }
}
