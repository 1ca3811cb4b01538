// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.enrol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Secrets of 256 random bits. They are kept as a plain SHA-256: what nobody can guess needs no slow
 * hash, and looking it up by its hash tells nothing by its timing.
 */
final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final int BYTES = 32;

    private Secrets() {}

    static String next(String prefix) {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String sha256(String secret) {
        try {
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
