// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import io.weft.conformance.raw.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How bytes get onto the wire: the verdict must not depend on it. */
sealed interface Delivery {

    /** All at once. */
    record Whole() implements Delivery {}

    /** All at once, with an innocent request right behind. */
    record Followed() implements Delivery {}

    /** In two parts. */
    record Split(int boundary) implements Delivery {}

    /** One byte at a time. */
    record Bytewise() implements Delivery {}

    /** Longer inputs are split at a sample of their boundaries only. */
    int EVERY_BOUNDARY_UP_TO = 512;

    int SAMPLE = 64;

    /** Every way but the whole one. */
    static List<Delivery> others(int length) {
        List<Delivery> ways = new ArrayList<>();
        ways.add(new Followed());
        ways.add(new Bytewise());
        splits(length).forEach(ways::add);
        return ways;
    }

    /** The two-part ways. */
    static List<Delivery> splits(int length) {
        List<Delivery> ways = new ArrayList<>();
        int step = length <= EVERY_BOUNDARY_UP_TO ? 1 : length / SAMPLE;
        for (int boundary = 1; boundary < length; boundary += step) {
            ways.add(new Split(boundary));
        }
        return ways;
    }

    /** Writes the bytes; {@code follower} is the innocent request. */
    default void write(RawClient client, byte[] bytes, byte[] follower) throws IOException {
        switch (this) {
            case Whole _ -> client.write(bytes);
            case Followed _ -> {
                byte[] both = java.util.Arrays.copyOf(bytes, bytes.length + follower.length);
                System.arraycopy(follower, 0, both, bytes.length, follower.length);
                client.write(both);
            }
            case Split(int boundary) -> client.writeSplit(bytes, boundary);
            case Bytewise _ -> client.writeBytewise(bytes);
        }
    }
}
