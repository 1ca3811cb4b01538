// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.seal;

import io.weft.authservice.state.PrivateFile;
import io.weft.authservice.state.StateDirectory;
import io.weft.authservice.state.UnusableStateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals bytes under the master key (AES-256-GCM, a random nonce each). What was sealed for one
 * purpose does not open for another, so that two sealed values cannot change places.
 */
public final class Seal {

    private static final String KEY_FILE = "seal.key";
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int HEAD_BYTES = 1 + NONCE_BYTES;

    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    Seal(SealKey key) {
        this.key = key.key();
    }

    /**
     * A seal under the key given, else under the one in the state directory, which is made when
     * there is none.
     *
     * @throws BadSealKeyException when the key given is none
     * @throws UnusableStateException when the key cannot be read or kept
     */
    public static Seal of(@Nullable SealKey given, StateDirectory state) {
        if (given == null) {
            return kept(state.file(KEY_FILE));
        }
        try {
            return new Seal(given);
        } catch (IllegalArgumentException e) {
            throw new BadSealKeyException(e);
        }
    }

    private static Seal kept(PrivateFile file) {
        byte[] content = file.read();
        try {
            return new Seal(
                    content == null
                            ? made(file)
                            : SealKey.of(new String(content, StandardCharsets.US_ASCII)));
        } catch (IOException | IllegalArgumentException e) {
            throw new UnusableStateException(file.path(), String.valueOf(e.getMessage()), e);
        }
    }

    private static SealKey made(PrivateFile file) throws IOException {
        byte[] bytes = new byte[SealKey.BYTES];
        new SecureRandom().nextBytes(bytes);
        SealKey key = SealKey.of(bytes);
        file.write((key.base64() + "\n").getBytes(StandardCharsets.US_ASCII));
        return key;
    }

    /** Version, nonce, ciphertext with tag. */
    public byte[] seal(String purpose, byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, purpose, nonce).doFinal(plain);
            return ByteBuffer.allocate(HEAD_BYTES + sealed.length)
                    .put(VERSION)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM, e);
        }
    }

    /**
     * What was sealed.
     *
     * @throws BrokenSealException when it was sealed under another key or for another purpose, or
     *     has been changed
     */
    public byte[] open(String purpose, byte[] sealed) {
        if (sealed.length < HEAD_BYTES || sealed[0] != VERSION) {
            throw new BrokenSealException(purpose);
        }
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(sealed, 1, nonce, 0, NONCE_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, purpose, nonce)
                    .doFinal(sealed, HEAD_BYTES, sealed.length - HEAD_BYTES);
        } catch (AEADBadTagException e) {
            throw new BrokenSealException(purpose);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM, e);
        }
    }

    private Cipher cipher(int mode, String purpose, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(ALGORITHM);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
