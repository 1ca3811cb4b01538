// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import io.weft.conformance.raw.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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

    /** Whether the neighbours of the corpus' rows are split at every boundary, too. */
    boolean EVERY_BOUNDARY = Boolean.getBoolean("weft.conformance.every-boundary");

    /** Neighbours are split at one boundary of so many, each neighbour at others. */
    int STRIDE = 3;

    /** Longer inputs are split at a sample of their boundaries only. */
    int LONG = 512;

    int SAMPLE = 64;

    /** Every way but the whole one. */
    static List<Delivery> others(String id, String input) {
        List<Delivery> ways = new ArrayList<>();
        ways.add(new Followed());
        ways.add(new Bytewise());
        ways.addAll(splits(id, input));
        return ways;
    }

    /** The two-part ways. */
    static List<Delivery> splits(String id, String input) {
        int length = input.length();
        boolean every = EVERY_BOUNDARY || isRow(id);
        int step = length > LONG ? length / SAMPLE : every ? 1 : STRIDE;
        List<Delivery> ways = new ArrayList<>();
        int first = 1 + Math.floorMod(id.hashCode(), step);
        for (int boundary = first; boundary < length; boundary += step) {
            ways.add(new Split(boundary));
        }
        return ways;
    }

    /** Rows have odd numbers; their neighbours even ones, or a second number after a dot. */
    private static boolean isRow(String id) {
        String number = id.replaceFirst("^[A-Z]+-0*([0-9]+)[a-z]*", "$1");
        return !number.contains(".") && Integer.parseInt(number) % 2 == 1;
    }

    /** Writes the bytes; {@code follower} is the innocent request. */
    default void write(RawClient client, byte[] bytes, byte[] follower) throws IOException {
        switch (this) {
            case Whole _ -> client.write(bytes);
            case Followed _ -> {
                byte[] both = Arrays.copyOf(bytes, bytes.length + follower.length);
                System.arraycopy(follower, 0, both, bytes.length, follower.length);
                client.write(both);
            }
            case Split(int boundary) -> client.writeSplit(bytes, boundary);
            case Bytewise _ -> client.writeBytewise(bytes);
        }
    }
}
