// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.access.PathPattern;
import io.weft.policy.request.PathNormalizer;
import io.weft.policy.route.PathMatch;
import java.nio.charset.StandardCharsets;

/** Reads paths; they must be written in the form in which they are compared. */
final class Paths {

    private static final String SYNTAX = "an absolute path such as /orders";

    private Paths() {}

    static String absolute(Value value) {
        String written = encoded(value.text(SYNTAX));
        byte[] bytes = written.getBytes(StandardCharsets.US_ASCII);
        byte[] normal = new byte[bytes.length];
        int end = PathNormalizer.normalize(bytes, 0, bytes.length, normal, 0);
        if (end < 0) {
            throw value.refuse(
                    "invalid path: " + PathNormalizer.failure(end).description(), SYNTAX);
        }
        PathNormalizer.upperCaseEscapes(normal, 0, end, normal, 0);
        String path = new String(normal, 0, end, StandardCharsets.US_ASCII);
        if (path.length() != written.length()) {
            throw value.refuse("path not in normal form", path);
        }
        return path;
    }

    static PathMatch.Prefix prefix(Value value) {
        String path = absolute(value);
        boolean open = path.length() > 1 && path.endsWith("/");
        return new PathMatch.Prefix(open ? path.substring(0, path.length() - 1) : path);
    }

    static PathPattern pattern(Value value) {
        String path = absolute(value);
        try {
            return PathPattern.parse(path);
        } catch (IllegalArgumentException e) {
            throw value.refuse("invalid path pattern", PathPattern.SYNTAX);
        }
    }

    /** Characters beyond ASCII as the percent-encoded UTF-8 in which they travel. */
    private static String encoded(String text) {
        var encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b < 0) {
                encoded.append('%').append("%02X".formatted(b & 0xff));
            } else {
                encoded.append((char) b);
            }
        }
        return encoded.toString();
    }
}
