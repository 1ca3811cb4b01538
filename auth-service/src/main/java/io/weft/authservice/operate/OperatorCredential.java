// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.operate;

import io.weft.authservice.state.PrivateFile;
import io.weft.authservice.state.StateDirectory;
import io.weft.authservice.state.UnusableStateException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The credential in {@code operator.token} of the state directory: whoever can read that file is
 * this service's operator anyway, also when nobody can sign in.
 */
public final class OperatorCredential {

    private static final String FILE = "operator.token";
    private static final String PREFIX = "weft_operator_";
    private static final int BYTES = 32;

    private final byte[] expected;

    private OperatorCredential(String token) {
        this.expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The one that is kept; a new one at the first start.
     *
     * @throws UnusableStateException when it cannot be kept
     */
    public static OperatorCredential of(StateDirectory state) {
        PrivateFile file = state.file(FILE);
        byte[] kept = file.read();
        try {
            return new OperatorCredential(
                    kept == null
                            ? made(file)
                            : new String(kept, StandardCharsets.US_ASCII).strip());
        } catch (IOException e) {
            throw new UnusableStateException(file.path(), e.toString(), e);
        }
    }

    private static String made(PrivateFile file) throws IOException {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        file.write((token + "\n").getBytes(StandardCharsets.US_ASCII));
        return token;
    }

    /** Whether the request carries it, found out in constant time. */
    boolean isShownBy(HttpServletRequest request) {
        String shown = request.getHeader("Authorization");
        return shown != null
                && expected.length > BYTES
                && MessageDigest.isEqual(expected, shown.getBytes(StandardCharsets.UTF_8));
    }
}
