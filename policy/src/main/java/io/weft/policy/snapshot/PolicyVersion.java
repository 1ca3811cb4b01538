// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.snapshot;

import java.util.Comparator;

/**
 * Which policy is in force. Of two versions the higher epoch is newer, then the higher number.
 *
 * @param epoch rises when the control plane's history was restored or its leader changed
 * @param number rises with every publication, from 1
 * @param hash of the content of the whole policy, of which a proxy may know a part; 16 hexadecimal
 *     digits
 */
public record PolicyVersion(long epoch, long number, String hash)
        implements Comparable<PolicyVersion> {

    /** Before any policy. */
    public static final PolicyVersion NONE = new PolicyVersion(0, 0, "0000000000000000");

    private static final Comparator<PolicyVersion> AGE =
            Comparator.comparingLong(PolicyVersion::epoch).thenComparingLong(PolicyVersion::number);

    @Override
    public int compareTo(PolicyVersion other) {
        return AGE.compare(this, other);
    }

    /** {@code 1.42}. */
    @Override
    public String toString() {
        return epoch + "." + number;
    }
}
