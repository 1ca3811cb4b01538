// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.identity;

import java.util.regex.Pattern;

/**
 * The trust domain of a mesh, the authority of its SPIFFE ids.
 *
 * @param name lower-case letters, digits, dots, dashes and underscores, at most 255 (SPIFFE-ID
 *     §2.1)
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md">SPIFFE-ID</a>
 */
public record TrustDomain(String name) {

    public static final String SYNTAX =
            "lower-case letters, digits, dots, dashes and underscores, at most 255";

    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1,255}");

    /** What a policy that names none belongs to. */
    public static final TrustDomain DEFAULT = new TrustDomain("weft.local");

    public TrustDomain {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "trust-domain: " + name + " (expected: " + SYNTAX + ")");
        }
    }

    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** The identity of one of its workloads. */
    public SpiffeId idOf(ServiceName workload) {
        return new SpiffeId(this, workload);
    }

    @Override
    public String toString() {
        return name;
    }
}
