// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

/**
 * How large the parts of a message may be that have to be held in memory.
 *
 * @param headerBytes bytes of a head: start line, fields and line ends; 1,024 to 1,048,576
 * @param headers number of fields; 1 to 10,000
 */
public record HttpLimits(int headerBytes, int headers) {

    public static final HttpLimits DEFAULT = new HttpLimits(16 * 1024, 100);

    public HttpLimits {
        if (headerBytes < 1_024 || headerBytes > 1_048_576) {
            throw new IllegalArgumentException(
                    "header-bytes: " + headerBytes + " (expected: 1024-1048576)");
        }
        if (headers < 1 || headers > 10_000) {
            throw new IllegalArgumentException("headers: " + headers + " (expected: 1-10000)");
        }
    }
}
