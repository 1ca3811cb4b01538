// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fixed map that is asked with a slice of an array, so that looking up needs no key object. Keys
 * are ASCII.
 */
final class ByteKeyMap<V> {

    private final byte[] @Nullable [] keys;

    /** Most keys that are not the one asked for are passed over without looking at their bytes. */
    private final int[] hashes;

    private final @Nullable Object[] values;
    private final int mask;

    ByteKeyMap(Map<String, V> entries) {
        int capacity = Integer.highestOneBit(Math.max(1, entries.size()) * 2) * 2;
        this.keys = new byte[capacity][];
        this.hashes = new int[capacity];
        this.values = new Object[capacity];
        this.mask = capacity - 1;
        entries.forEach(this::put);
    }

    private void put(String key, V value) {
        byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
        int hash = hash(bytes, 0, bytes.length);
        int slot = spread(hash) & mask;
        while (keys[slot] != null) {
            slot = (slot + 1) & mask;
        }
        keys[slot] = bytes;
        hashes[slot] = hash;
        values[slot] = value;
    }

    @Nullable V get(byte[] bytes, int start, int end) {
        return get(bytes, start, end, hash(bytes, start, end));
    }

    /** As {@link #get(byte[], int, int)}, for callers that have computed {@link #hash} already. */
    @SuppressWarnings("unchecked")
    @Nullable V get(byte[] bytes, int start, int end, int hash) {
        int slot = spread(hash) & mask;
        while (true) {
            byte[] key = keys[slot];
            if (key == null) {
                return null;
            }
            if (hashes[slot] == hash && Arrays.equals(key, 0, key.length, bytes, start, end)) {
                return (V) values[slot];
            }
            slot = (slot + 1) & mask;
        }
    }

    static int hash(byte[] bytes, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9e3779b9;
        return mixed ^ mixed >>> 15;
    }
}
