// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.weft.policy.token.SigningAlgorithm;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of an issuer (RFC 7517) that can verify tokens; keys for other purposes and kinds
 * that nobody knows are left out.
 */
final class KeySet {

    private static final int MOST_KEYS = 100;
    private static final int WEAKEST_RSA = 2_048;
    private static final int LARGEST_RSA = 8_192;

    private final String text;
    private final List<Key> keys;

    private KeySet(String text, List<Key> keys) {
        this.text = text;
        this.keys = keys;
    }

    private record Key(
            @Nullable String id, List<SigningAlgorithm> algorithms, JWSVerifier verifier) {}

    /**
     * @throws ParseException when there is no usable key in it
     */
    static KeySet parse(byte[] json) throws ParseException {
        if (!JsonShape.isModest(json)) {
            throw new ParseException("not a set of keys", 0);
        }
        String text = new String(json, StandardCharsets.UTF_8);
        Map<String, Object>[] all =
                JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(text), "keys");
        if (all == null || all.length > MOST_KEYS) {
            throw new ParseException("no keys, or more than " + MOST_KEYS, 0);
        }
        var keys = new ArrayList<Key>();
        for (Map<String, Object> each : all) {
            key(each).ifPresent(keys::add);
        }
        if (keys.isEmpty()) {
            throw new ParseException("no key that verifies tokens", 0);
        }
        return new KeySet(text, List.copyOf(keys));
    }

    private static Optional<Key> key(Map<String, Object> json) {
        try {
            JWK jwk = JWK.parse(json);
            if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
                return Optional.empty();
            }
            List<SigningAlgorithm> algorithms = algorithms(jwk);
            return algorithms.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Key(jwk.getKeyID(), algorithms, verifier(jwk)));
        } catch (ParseException | JOSEException | RuntimeException e) {
            // A key that cannot be read is none of those that can.
            return Optional.empty();
        }
    }

    private static List<SigningAlgorithm> algorithms(JWK jwk) {
        return List.of(SigningAlgorithm.values()).stream()
                .filter(each -> fits(jwk, each))
                .filter(
                        each ->
                                jwk.getAlgorithm() == null
                                        || jwk.getAlgorithm().getName().equals(each.name()))
                .toList();
    }

    private static boolean fits(JWK jwk, SigningAlgorithm algorithm) {
        return switch (jwk) {
            case ECKey key ->
                    key.getCurve()
                            .getName()
                            .equals(
                                    switch (algorithm) {
                                        case ES256 -> "P-256";
                                        case ES384 -> "P-384";
                                        case ES512 -> "P-521";
                                        default -> "";
                                    });
            case RSAKey key ->
                    !algorithm.name().startsWith("ES")
                            && key.size() >= WEAKEST_RSA
                            && key.size() <= LARGEST_RSA;
            default -> false;
        };
    }

    private static JWSVerifier verifier(JWK jwk) throws JOSEException {
        if (jwk instanceof RSAKey rsa) {
            return new RSASSAVerifier(rsa.toRSAPublicKey());
        }
        var verifier = new ECDSAVerifier(jwk.toECKey().toECPublicKey());
        NativeCrypto.provider()
                .ifPresent(provider -> verifier.getJCAContext().setProvider(provider));
        return verifier;
    }

    /** As it was published. */
    String text() {
        return text;
    }

    boolean has(@Nullable String id, SigningAlgorithm algorithm) {
        return find(id, algorithm).isPresent();
    }

    /** The key of that name; without a name, the only key that there is for the algorithm. */
    Optional<JWSVerifier> find(@Nullable String id, SigningAlgorithm algorithm) {
        List<Key> fitting =
                keys.stream()
                        .filter(key -> key.algorithms.contains(algorithm))
                        .filter(key -> id == null || id.equals(key.id))
                        .toList();
        return fitting.size() == 1 ? Optional.of(fitting.getFirst().verifier) : Optional.empty();
    }
}
