// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.operate;

import io.weft.configserver.state.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * A credential in a file of the state directory that only its owner can read: for programs, and for
 * whoever runs this server when nobody can sign in.
 */
final class LocalCredential {

    private static final int BYTES = 32;

    private final String name;
    private final Right right;
    private final byte[] expected;

    private LocalCredential(String name, Right right, String token) {
        this.name = name;
        this.right = right;
        this.expected = token.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The one that is kept; a new one at the first start.
     *
     * @param name what its holder is called, and what it begins with
     */
    static LocalCredential of(DurableFile file, String name, Right right) {
        String prefix = "weft_" + name + "_";
        try {
            List<String> kept = file.read();
            if (!kept.isEmpty() && kept.getFirst().length() > BYTES) {
                return new LocalCredential(name, right, kept.getFirst().strip());
            }
            byte[] bytes = new byte[BYTES];
            new SecureRandom().nextBytes(bytes);
            String token = prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            file.write(List.of(token));
            return new LocalCredential(name, right, token);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be kept", e);
        }
    }

    /** Found out in constant time. */
    boolean is(String token) {
        return MessageDigest.isEqual(expected, token.getBytes(StandardCharsets.UTF_8));
    }

    Caller.Proven holder() {
        return new Caller.Proven(name, right);
    }
}
