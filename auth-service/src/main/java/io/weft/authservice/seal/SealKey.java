// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.seal;

import java.util.Base64;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The master key of a {@link Seal} as somebody wrote it, 256 bits in base64. Never shows itself,
 * which is why what is no key is found out only when it is used: a setting that cannot be bound is
 * printed.
 */
public final class SealKey {

    static final int BYTES = 32;

    private final String base64;

    private SealKey(String base64) {
        this.base64 = base64;
    }

    /** A key as it is written in a setting. */
    public static SealKey of(String base64) {
        return new SealKey(base64.strip());
    }

    static SealKey of(byte[] bytes) {
        return new SealKey(Base64.getEncoder().encodeToString(bytes));
    }

    String base64() {
        return base64;
    }

    /** The key itself, if the text is one. */
    SecretKey key() {
        byte[] bytes = decoded();
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    "seal key: " + bytes.length + " bytes (expected: " + BYTES + ")");
        }
        return new SecretKeySpec(bytes, "AES");
    }

    private byte[] decoded() {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "seal key: not base64 (expected: " + BYTES + " bytes in base64)");
        }
    }

    @Override
    public String toString() {
        return "SealKey[not shown]";
    }
}
