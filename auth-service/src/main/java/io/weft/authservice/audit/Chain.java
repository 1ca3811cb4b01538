// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Lines each of which vouches for all before it: {@code <hash> <content>}, where the hash is the
 * SHA-256 of the hash before and the content.
 */
final class Chain {

    static final String START = "0".repeat(64);

    private static final int HASH_LENGTH = 64;

    private final MessageDigest digest = sha256();
    private String hash;

    Chain(String hash) {
        this.hash = hash;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The hash of the last line. */
    String hash() {
        return hash;
    }

    /** The next line, without its end. */
    String append(String content) {
        hash = next(content);
        return hash + " " + content;
    }

    /** Whether this is the next line; if so the one after it is expected next. */
    boolean accept(String line) {
        if (line.length() <= HASH_LENGTH || line.charAt(HASH_LENGTH) != ' ') {
            return false;
        }
        String next = next(content(line));
        if (!line.startsWith(next)) {
            return false;
        }
        hash = next;
        return true;
    }

    static String content(String line) {
        return line.substring(Math.min(line.length(), HASH_LENGTH + 1));
    }

    private String next(String content) {
        digest.update(hash.getBytes(StandardCharsets.US_ASCII));
        byte[] sum = digest.digest(content.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(sum);
    }
}
