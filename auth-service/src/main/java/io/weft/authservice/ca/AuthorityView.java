// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What operators are shown of an authority. */
public record AuthorityView(
        long sequence, List<RootView> roots, IssuerView issuer, List<IssuerView> issuers) {

    /** A root of the bundle, and when its next stage begins. */
    public record RootView(
            String fingerprint, String stage, Instant notAfter, @Nullable Instant due) {}

    /** An issuing certificate that still holds. */
    public record IssuerView(String fingerprint, Instant notAfter, boolean distrusted) {}

    static AuthorityView of(AuthorityState state) {
        SortedSet<String> distrusted = new TreeSet<>(state.distrusted().keySet());
        var issuers = new TreeMap<String, IssuerView>();
        state.issuers()
                .forEach(
                        (name, end) ->
                                issuers.put(
                                        name,
                                        new IssuerView(name, end, distrusted.contains(name))));
        String current = X509.fingerprint(state.issuer().certificate());
        return new AuthorityView(
                state.sequence(),
                state.roots().stream().map(AuthorityView::of).toList(),
                new IssuerView(current, state.issuer().notAfter(), distrusted.contains(current)),
                List.copyOf(issuers.values()));
    }

    private static RootView of(Root root) {
        return new RootView(
                X509.fingerprint(root.certificate()),
                root.stage().name().toLowerCase(Locale.ROOT),
                root.certificate().getNotAfter().toInstant(),
                root.due());
    }
}
