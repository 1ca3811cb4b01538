// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How API keys of the mesh begin, by which they are told from those of applications. */
public final class ApiKeyForm {

    private static final byte[] PREFIX = "weft_key_".getBytes(StandardCharsets.US_ASCII);

    private ApiKeyForm() {}

    /** Whether a value is meant to be a key of the mesh. */
    public static boolean isKey(byte[] bytes, int start, int end) {
        return end - start >= PREFIX.length
                && Arrays.equals(PREFIX, 0, PREFIX.length, bytes, start, start + PREFIX.length);
    }
}
