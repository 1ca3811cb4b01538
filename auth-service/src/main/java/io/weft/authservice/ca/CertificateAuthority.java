// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import io.weft.authservice.ca.CertificateSettings.ForeignIssuer;
import io.weft.authservice.ca.Root.Stage;
import io.weft.authservice.seal.Seal;
import io.weft.authservice.state.StateDirectory;
import io.weft.authservice.state.UnusableStateException;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.SpiffeId;
import io.weft.policy.identity.TrustDomain;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs certificates of workloads, and sees to its own succession. What it becomes is on disk
 * before anybody sees it.
 *
 * <p>A root is replaced in three steps, each {@linkplain #advance by itself} when its time has
 * come:
 *
 * <ol>
 *   <li>The new root is published; nothing is signed under it.
 *   <li>After the overlap a new issuing certificate is signed under it.
 *   <li>When the last leaf under the old root has expired the old root goes.
 * </ol>
 */
public final class CertificateAuthority {

    private static final Logger log = LoggerFactory.getLogger(CertificateAuthority.class);

    private final TrustDomain domain;
    private final CertificateSettings settings;
    private final AuthorityFile file;
    private final Clock clock;
    private final CertificateForm form;
    private volatile Shown shown;

    /** A state with what is derived from it once rather than for each certificate. */
    private record Shown(AuthorityState state, TrustBundle bundle, Signer signer) {
        static Shown of(AuthorityState state) {
            return new Shown(state, state.bundle(), Signer.of(state.issuer()));
        }
    }

    private CertificateAuthority(
            TrustDomain domain,
            CertificateSettings settings,
            AuthorityFile file,
            Clock clock,
            SecureRandom random)
            throws IOException {
        this.domain = domain;
        this.settings = settings;
        this.file = file;
        this.clock = clock;
        this.form = new CertificateForm(domain, random);
        AuthorityState kept = file.read();
        AuthorityState first = kept == null ? found() : kept;
        AuthorityState now = advanced(first);
        if (!now.equals(kept)) {
            file.write(now);
        }
        file.writeRoots(now.bundle());
        this.shown = Shown.of(now);
    }

    /**
     * The authority that is kept in the state directory; a new one at the first start.
     *
     * @throws UnusableStateException when it cannot be read or kept
     * @throws io.weft.authservice.seal.BrokenSealException when it was sealed under another key
     */
    public static CertificateAuthority open(
            TrustDomain domain,
            CertificateSettings settings,
            StateDirectory state,
            Seal seal,
            Clock clock) {
        try {
            return new CertificateAuthority(
                    domain, settings, new AuthorityFile(state, seal), clock, new SecureRandom());
        } catch (IOException e) {
            throw new UnusableStateException(state.path(), e.toString(), e);
        }
    }

    public TrustDomain domain() {
        return domain;
    }

    public TrustBundle bundle() {
        return shown.bundle();
    }

    public X509Certificate issuer() {
        return shown.state().issuer().certificate();
    }

    /** What is going on with the roots and issuing certificates. */
    public AuthorityView view() {
        return AuthorityView.of(shown.state());
    }

    /**
     * Signs a certificate of a workload of this domain.
     *
     * @throws AuthorityException when there is nothing to sign with
     */
    public Leaf issue(SpiffeId id, Csr csr) {
        return issue(id, csr.key());
    }

    /** A certificate with a key of its own, for the authority's own listener. */
    public CertifiedKey issueOwn(SpiffeId id) {
        KeyPair pair = EcKeys.generate();
        Leaf leaf = issue(id, pair.getPublic().getEncoded());
        var chain = new ArrayList<X509Certificate>();
        chain.add(X509.parse(leaf.der()));
        chain.addAll(leaf.issuers());
        return new CertifiedKey(pair.getPrivate(), chain);
    }

    private Leaf issue(SpiffeId id, byte[] key) {
        if (!id.trustDomain().equals(domain)) {
            throw new IllegalArgumentException("id: " + id + " (expected: one of " + domain + ")");
        }
        Shown current = shown;
        CertifiedKey issuer = current.state().issuer();
        Instant now = clock.instant();
        requireUsable(current.state(), now);
        Validity validity = Validity.of(now, settings.leafLife()).within(issuer.notAfter());
        BigInteger serial = form.serial();
        byte[] der = form.leaf(current.signer(), id, key, serial, validity);
        return new Leaf(id, serial, now, validity.notAfter(), der, issuer.chain());
    }

    private static void requireUsable(AuthorityState state, Instant now) {
        if (!now.isBefore(state.issuer().notAfter())) {
            throw new AuthorityException("the issuing certificate has expired");
        }
        if (state.distrusts(state.issuer().certificate())) {
            throw new AuthorityException(
                    "the issuing certificate is distrusted and there is no other; replace the"
                            + " files of weft.auth.certificates.issuer");
        }
    }

    /** Does what has become due: renews the issuing certificate, goes on with a change of roots. */
    public void advance() throws IOException {
        change(this::advanced);
    }

    /** Signs with a new key from now on. What the old one signed holds until it expires. */
    public void rotateIssuer() throws IOException {
        change(state -> state.issuedBy(newIssuer(state.signing())));
    }

    /**
     * Publishes a new root; the rest follows by itself.
     *
     * @throws AuthorityException when such a change is under way already
     */
    public void rotateRoot() throws IOException {
        change(
                state -> {
                    if (state.published() != null) {
                        throw new AuthorityException(
                                "a new root is published already and takes over at "
                                        + state.published().due());
                    }
                    state.signing().signer();
                    return state.publishing(newRoot(Stage.PUBLISHED, settings.overlap()));
                });
    }

    /**
     * Nobody is to believe anything any more that this issuing certificate signed. If it is the
     * current one, there is a new one at once.
     *
     * @param fingerprint {@link X509#fingerprint} of one that still holds
     * @throws AuthorityException when there is none
     */
    public void distrust(String fingerprint) throws IOException {
        change(
                state -> {
                    Instant end = state.issuers().get(fingerprint);
                    if (end == null) {
                        throw new AuthorityException(
                                "no issuing certificate that still holds has this fingerprint");
                    }
                    if (state.distrusted().containsKey(fingerprint)) {
                        return state;
                    }
                    AuthorityState next = state.distrusting(fingerprint, end);
                    boolean replaced =
                            state.distrusts(state.issuer().certificate())
                                    || !next.distrusts(next.issuer().certificate())
                                    || settings.issuer() != null;
                    return replaced ? next : next.issuedBy(newIssuer(next.signing()));
                });
    }

    /**
     * Nobody is to believe the certificates of these workloads, whatever they have; those of all
     * others are believed again.
     */
    public void remove(Collection<ServiceName> workloads) throws IOException {
        var ids = new TreeSet<String>();
        workloads.forEach(each -> ids.add(domain.idOf(each).toString()));
        change(state -> state.without(ids));
    }

    private interface Change {
        AuthorityState of(AuthorityState state);
    }

    private synchronized void change(Change change) throws IOException {
        AuthorityState before = shown.state();
        AuthorityState after = change.of(before);
        if (!after.equals(before)) {
            file.write(after);
            shown = Shown.of(after);
            log.info(
                    "Bundle {}: {} roots, {} distrusted, {} removed; issuing certificate {}",
                    after.sequence(),
                    after.roots().size(),
                    after.distrusted().size(),
                    after.removed().size(),
                    X509.fingerprint(after.issuer().certificate()));
        }
    }

    /** A sequence that begins with the time rises even when all state was lost. */
    private AuthorityState found() {
        ForeignIssuer files = settings.issuer();
        if (files != null) {
            var foreign = ForeignAuthority.read(files, clock.instant());
            List<Root> roots = roots(foreign);
            return begin(roots, foreign.issuer());
        }
        Root root = newRoot(Stage.SIGNING, settings.rootLife().multipliedBy(4).dividedBy(5));
        return begin(List.of(root), newIssuer(root));
    }

    private AuthorityState begin(List<Root> roots, CertifiedKey issuer) {
        long sequence = clock.instant().getEpochSecond();
        return new AuthorityState(
                        sequence, roots, issuer, new TreeMap<>(), new TreeMap<>(), new TreeSet<>())
                .issuedBy(issuer);
    }

    private AuthorityState advanced(AuthorityState state) {
        Instant now = clock.instant();
        AuthorityState next = state.forgetting(now);
        next = settings.issuer() == null ? succeeded(next, now) : followed(next, now);
        return next.roots().stream().anyMatch(root -> isOver(root, now))
                ? next.eachRoot(root -> isOver(root, now) ? null : root)
                : next;
    }

    private static boolean isOver(Root root, Instant now) {
        return root.stage() == Stage.RETIRING && root.isDue(now);
    }

    /** Our own root: replaced in time, and the issuing certificate under it. */
    private AuthorityState succeeded(AuthorityState state, Instant now) {
        Root signing = state.signing();
        if (signing.key() == null) {
            Root own = newRoot(Stage.SIGNING, settings.rootLife().multipliedBy(4).dividedBy(5));
            var roots = new ArrayList<>(retired(state, now));
            roots.add(own);
            return state.withRoots(roots).inNextSequence().issuedBy(newIssuer(own));
        }
        Root published = state.published();
        if (published != null && published.isDue(now)) {
            return takenOver(state, published, now);
        }
        if (published == null && signing.isDue(now)) {
            return state.publishing(newRoot(Stage.PUBLISHED, settings.overlap()));
        }
        return isHalfOver(state.issuer(), now) ? state.issuedBy(newIssuer(signing)) : state;
    }

    private AuthorityState takenOver(AuthorityState state, Root published, Instant now) {
        Instant replacement = now.plus(settings.rootLife().multipliedBy(4).dividedBy(5));
        AuthorityState next =
                state.eachRoot(
                        root ->
                                switch (root.stage()) {
                                    case SIGNING -> root.in(Stage.RETIRING, lastLeafEnds(now));
                                    case PUBLISHED -> root.in(Stage.SIGNING, replacement);
                                    case RETIRING -> root;
                                });
        return next.issuedBy(newIssuer(published));
    }

    private Instant lastLeafEnds(Instant now) {
        return now.plus(settings.leafLife()).plus(Validity.SKEW);
    }

    private static boolean isHalfOver(CertifiedKey issuer, Instant now) {
        Instant begin = issuer.certificate().getNotBefore().toInstant();
        return now.isAfter(begin.plus(Duration.between(begin, issuer.notAfter()).dividedBy(2)));
    }

    /**
     * An issuer made elsewhere: as the files say now, or as they said when they made sense last.
     */
    private AuthorityState followed(AuthorityState state, Instant now) {
        ForeignAuthority foreign = foreign(now);
        if (foreign == null
                || (foreign.issuer().chain().equals(state.issuer().chain())
                        && foreign.roots().equals(inForce(state)))) {
            return state;
        }
        var roots = new ArrayList<>(roots(foreign));
        for (Root old : retired(state, now)) {
            if (!foreign.roots().contains(old.certificate())) {
                roots.add(old);
            }
        }
        return state.withRoots(roots).inNextSequence().issuedBy(foreign.issuer());
    }

    private @Nullable ForeignAuthority foreign(Instant now) {
        ForeignIssuer files = settings.issuer();
        try {
            return files == null ? null : ForeignAuthority.read(files, now);
        } catch (UnusableStateException e) {
            log.error("The issuing certificate stays as it was: {}", e.getMessage());
            return null;
        }
    }

    private static List<X509Certificate> inForce(AuthorityState state) {
        return state.roots().stream()
                .filter(root -> root.stage() != Stage.RETIRING)
                .map(Root::certificate)
                .toList();
    }

    private List<Root> retired(AuthorityState state, Instant now) {
        Instant end = lastLeafEnds(now);
        return state.roots().stream()
                .map(root -> root.stage() == Stage.RETIRING ? root : root.in(Stage.RETIRING, end))
                .toList();
    }

    /** One of them is said to sign; which one makes no difference where the key is not here. */
    private static List<Root> roots(ForeignAuthority foreign) {
        var all = new ArrayList<Root>();
        for (X509Certificate root : foreign.roots()) {
            Stage stage = all.isEmpty() ? Stage.SIGNING : Stage.PUBLISHED;
            all.add(new Root(root, null, stage, null));
        }
        return all;
    }

    private Root newRoot(Stage stage, Duration untilDue) {
        Instant now = clock.instant();
        KeyPair key = EcKeys.generate();
        X509Certificate certificate =
                X509.parse(form.root(key, Validity.of(now, settings.rootLife())));
        return new Root(certificate, key.getPrivate(), stage, now.plus(untilDue));
    }

    private CertifiedKey newIssuer(Root root) {
        CertifiedKey signer = root.signer();
        KeyPair key = EcKeys.generate();
        Validity validity =
                Validity.of(clock.instant(), settings.issuerLife()).within(signer.notAfter());
        X509Certificate certificate = X509.parse(form.issuer(signer, key, validity));
        return new CertifiedKey(key.getPrivate(), List.of(certificate));
    }
}
