// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.regex;

/**
 * A set of ASCII characters.
 *
 * @param low bit n is character n
 * @param high bit n is character 64 + n
 */
record CharSet(long low, long high) {

    static final CharSet NONE = new CharSet(0, 0);
    static final CharSet ALL = new CharSet(-1, -1);
    static final CharSet DIGIT = range('0', '9');
    static final CharSet WORD = range('a', 'z').or(range('A', 'Z')).or(DIGIT).or(range('_', '_'));
    static final CharSet SPACE = range('\t', '\n').or(range('\f', '\r')).or(range(' ', ' '));

    static CharSet range(int from, int to) {
        long low = 0;
        long high = 0;
        for (int c = from; c <= to; c++) {
            if (c < 64) {
                low |= 1L << c;
            } else {
                high |= 1L << (c - 64);
            }
        }
        return new CharSet(low, high);
    }

    CharSet or(CharSet other) {
        return new CharSet(low | other.low, high | other.high);
    }

    CharSet minus(CharSet other) {
        return new CharSet(low & ~other.low, high & ~other.high);
    }

    CharSet not() {
        return new CharSet(~low, ~high);
    }

    boolean has(int c) {
        return ((c < 64 ? low >>> c : high >>> (c - 64)) & 1) != 0;
    }

    /** The only character of the set, or -1 when there is none or more than one. */
    int only() {
        if (Long.bitCount(low) + Long.bitCount(high) != 1) {
            return -1;
        }
        return low != 0 ? Long.numberOfTrailingZeros(low) : 64 + Long.numberOfTrailingZeros(high);
    }

    /** With the other case of every letter. */
    CharSet foldCase() {
        long upper = high & 0x07fffffeL;
        long lower = high & 0x07fffffe_00000000L;
        return new CharSet(low, high | upper << 32 | lower >>> 32);
    }
}
