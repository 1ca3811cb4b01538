// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.weft.policy.identity.SpiffeId;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates are believed.
 *
 * @param sequence rises with every change
 * @param refresh when to look for a newer one
 * @param roots the authorities at the top
 * @param distrusted SHA-256 of issuing certificates that are not believed although a root signed
 *     them, in hexadecimal
 * @param removed workloads that are not believed whatever certificate they have
 * @see <a
 *     href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md">
 *     SPIFFE bundles</a>
 */
record TrustBundle(
        long sequence,
        Duration refresh,
        List<X509Certificate> roots,
        Set<String> distrusted,
        Set<SpiffeId> removed) {

    private static final String USE = "x509-svid";
    private static final String DISTRUSTED = "weft_distrusted";
    private static final String REMOVED = "weft_removed";
    private static final Duration DEFAULT_REFRESH = Duration.ofSeconds(5);
    private static final int MAX_REFRESH_SECONDS = 3_600;

    TrustBundle {
        roots = List.copyOf(roots);
        distrusted = Set.copyOf(distrusted);
        removed = Set.copyOf(removed);
        if (roots.isEmpty()) {
            throw new IllegalArgumentException("a trust bundle without a root");
        }
    }

    /** What is pinned before there is a bundle: roots alone. */
    static TrustBundle pinned(List<X509Certificate> roots) {
        return new TrustBundle(0, DEFAULT_REFRESH, roots, Set.of(), Set.of());
    }

    /**
     * Reads a bundle.
     *
     * @throws ParseException when the text is not a bundle with at least one root
     */
    static TrustBundle parse(String json) throws ParseException {
        try {
            var members = JSONObjectUtils.parse(json);
            var roots = new ArrayList<X509Certificate>();
            for (JWK key : JWKSet.parse(members).getKeys()) {
                if (key.getKeyUse() != null && USE.equals(key.getKeyUse().identifier())) {
                    roots.add(certificate(key.getX509CertChain().getFirst().decode()));
                }
            }
            return new TrustBundle(
                    JSONObjectUtils.getLong(members, "spiffe_sequence"),
                    refresh(members.get("spiffe_refresh_hint")),
                    roots,
                    strings(members, DISTRUSTED),
                    strings(members, REMOVED).stream()
                            .map(SpiffeId::parse)
                            .collect(Collectors.toUnmodifiableSet()));
        } catch (CertificateException | RuntimeException e) {
            var wrong = new ParseException("not a trust bundle: " + e.getMessage(), 0);
            wrong.initCause(e);
            throw wrong;
        }
    }

    private static Set<String> strings(Map<String, Object> members, String name)
            throws ParseException {
        return members.get(name) == null
                ? Set.of()
                : Set.copyOf(JSONObjectUtils.getStringList(members, name));
    }

    private static Duration refresh(@Nullable Object hint) {
        return hint instanceof Number seconds
                ? Duration.ofSeconds(Math.clamp(seconds.longValue(), 1, MAX_REFRESH_SECONDS))
                : DEFAULT_REFRESH;
    }

    private static X509Certificate certificate(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(der));
    }
}
