// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import io.weft.authservice.ca.Root.Stage;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All that the authority is, at one moment.
 *
 * @param sequence of the bundle
 * @param roots exactly one of them signs
 * @param issuer what signs leaves
 * @param issuers fingerprints of all issuing certificates that still hold, with their ends
 * @param distrusted fingerprints of those of them that are not to be believed any more
 * @param removed SPIFFE IDs of workloads that nobody is to believe
 */
record AuthorityState(
        long sequence,
        List<Root> roots,
        CertifiedKey issuer,
        SortedMap<String, Instant> issuers,
        SortedMap<String, Instant> distrusted,
        SortedSet<String> removed) {

    AuthorityState {
        roots = List.copyOf(roots);
        issuers = new TreeMap<>(issuers);
        distrusted = new TreeMap<>(distrusted);
        removed = new TreeSet<>(removed);
        if (roots.stream().filter(root -> root.stage() == Stage.SIGNING).count() != 1) {
            throw new IllegalArgumentException("roots: expected exactly one that signs");
        }
    }

    Root signing() {
        return roots.stream().filter(in(Stage.SIGNING)).findFirst().orElseThrow();
    }

    @Nullable Root published() {
        return roots.stream().filter(in(Stage.PUBLISHED)).findFirst().orElse(null);
    }

    private static Predicate<Root> in(Stage stage) {
        return root -> root.stage() == stage;
    }

    TrustBundle bundle() {
        List<X509Certificate> certificates = roots.stream().map(Root::certificate).toList();
        return new TrustBundle(sequence, certificates, new TreeSet<>(distrusted.keySet()), removed);
    }

    boolean distrusts(X509Certificate issuing) {
        return distrusted.containsKey(X509.fingerprint(issuing));
    }

    /** From now on leaves are signed by this. */
    AuthorityState issuedBy(CertifiedKey next) {
        var all = new TreeMap<>(issuers);
        all.put(X509.fingerprint(next.certificate()), next.notAfter());
        return new AuthorityState(sequence, roots, next, all, distrusted, removed);
    }

    AuthorityState publishing(Root root) {
        var all = new ArrayList<>(roots);
        all.add(root);
        return withRoots(all).inNextSequence();
    }

    /** Each root as the operator makes of it; null drops it. */
    AuthorityState eachRoot(Function<Root, @Nullable Root> change) {
        var all = new ArrayList<Root>();
        for (Root root : roots) {
            Root changed = change.apply(root);
            if (changed != null) {
                all.add(changed);
            }
        }
        AuthorityState changed = withRoots(all);
        return all.size() == roots.size() ? changed : changed.inNextSequence();
    }

    AuthorityState withRoots(List<Root> all) {
        return new AuthorityState(sequence, all, issuer, issuers, distrusted, removed);
    }

    AuthorityState distrusting(String fingerprint, Instant end) {
        var all = new TreeMap<>(distrusted);
        all.put(fingerprint, end);
        return new AuthorityState(sequence, roots, issuer, issuers, all, removed).inNextSequence();
    }

    /** With these for those that are removed. */
    AuthorityState without(SortedSet<String> workloads) {
        return workloads.equals(removed)
                ? this
                : new AuthorityState(sequence, roots, issuer, issuers, distrusted, workloads)
                        .inNextSequence();
    }

    /** Without the names of issuing certificates that hold no more: nobody believes them anyway. */
    AuthorityState forgetting(Instant now) {
        var issuing = new TreeMap<>(issuers);
        issuing.values().removeIf(now::isAfter);
        var not = new TreeMap<>(distrusted);
        if (not.values().removeIf(now::isAfter)) {
            return new AuthorityState(sequence, roots, issuer, issuing, not, removed)
                    .inNextSequence();
        }
        return issuing.size() == issuers.size()
                ? this
                : new AuthorityState(sequence, roots, issuer, issuing, distrusted, removed);
    }

    AuthorityState inNextSequence() {
        return new AuthorityState(sequence + 1, roots, issuer, issuers, distrusted, removed);
    }
}
