// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import io.weft.authservice.ca.Root.Stage;
import io.weft.authservice.seal.Seal;
import io.weft.authservice.state.PrivateFile;
import io.weft.authservice.state.StateDirectory;
import io.weft.authservice.state.UnusableStateException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The authority on disk: everything, sealed, in {@code authority.sealed}; and the roots for others
 * to be given in {@code root.pem}.
 */
final class AuthorityFile {

    private static final String PURPOSE = "certificate authority";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PrivateFile sealed;
    private final PrivateFile roots;
    private final Seal seal;

    AuthorityFile(StateDirectory state, Seal seal) {
        this.sealed = state.file("authority.sealed");
        this.roots = state.file("root.pem");
        this.seal = seal;
    }

    /**
     * What was kept, or null before the first start.
     *
     * @throws UnusableStateException when it cannot be understood
     * @throws io.weft.authservice.seal.BrokenSealException when it was sealed under another key
     */
    @Nullable AuthorityState read() {
        byte[] content = sealed.read();
        if (content == null) {
            return null;
        }
        try {
            return JSON.readValue(seal.open(PURPOSE, content), Kept.class).state();
        } catch (JacksonException | GeneralSecurityException | IllegalArgumentException e) {
            throw new UnusableStateException(sealed.path(), e.toString(), e);
        }
    }

    /** The state first: a root that others trust must be one that is remembered. */
    void write(AuthorityState state) throws IOException {
        sealed.write(seal.seal(PURPOSE, JSON.writeValueAsBytes(Kept.of(state))));
        writeRoots(state.bundle());
    }

    void writeRoots(TrustBundle bundle) throws IOException {
        byte[] pem = bundle.pem().getBytes(StandardCharsets.US_ASCII);
        byte[] before = roots.read();
        if (before == null || !Arrays.equals(before, pem)) {
            roots.write(pem);
        }
    }

    private record Kept(
            long sequence,
            List<KeptRoot> roots,
            byte[] issuerKey,
            List<byte[]> issuerChain,
            TreeMap<String, String> issuers,
            TreeMap<String, String> distrusted,
            @Nullable TreeSet<String> removed) {

        static Kept of(AuthorityState state) {
            return new Kept(
                    state.sequence(),
                    state.roots().stream().map(KeptRoot::of).toList(),
                    state.issuer().key().getEncoded(),
                    state.issuer().chain().stream().map(X509::der).toList(),
                    texts(state.issuers()),
                    texts(state.distrusted()),
                    new TreeSet<>(state.removed()));
        }

        AuthorityState state() throws GeneralSecurityException {
            List<X509Certificate> chain = issuerChain.stream().map(X509::parse).toList();
            var all = new Root[roots.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = roots.get(i).root();
            }
            return new AuthorityState(
                    sequence,
                    List.of(all),
                    new CertifiedKey(EcKeys.privateKey(issuerKey), chain),
                    instants(issuers),
                    instants(distrusted),
                    removed == null ? new TreeSet<>() : removed);
        }

        private static TreeMap<String, String> texts(SortedMap<String, Instant> instants) {
            var all = new TreeMap<String, String>();
            instants.forEach((name, at) -> all.put(name, at.toString()));
            return all;
        }

        private static TreeMap<String, Instant> instants(SortedMap<String, String> texts) {
            var all = new TreeMap<String, Instant>();
            texts.forEach((name, at) -> all.put(name, Instant.parse(at)));
            return all;
        }
    }

    private record KeptRoot(
            byte[] certificate, byte @Nullable [] key, Stage stage, @Nullable String due) {

        static KeptRoot of(Root root) {
            PrivateKey key = root.key();
            return new KeptRoot(
                    X509.der(root.certificate()),
                    key == null ? null : key.getEncoded(),
                    root.stage(),
                    root.due() == null ? null : root.due().toString());
        }

        Root root() throws GeneralSecurityException {
            return new Root(
                    X509.parse(certificate),
                    key == null ? null : EcKeys.privateKey(key),
                    stage,
                    due == null ? null : Instant.parse(due));
        }
    }
}
