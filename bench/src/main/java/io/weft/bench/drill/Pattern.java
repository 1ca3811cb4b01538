// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.util.zip.CRC32C;

/** Bytes that differ everywhere, so that a piece that is lost, doubled or moved is noticed. */
final class Pattern {

    private Pattern() {}

    /** The bytes from an offset, which is a multiple of eight. */
    static byte[] block(long offset, int length) {
        byte[] block = new byte[length];
        for (int i = 0; i < length; i += 8) {
            long word = (offset + i) * 0x9e3779b97f4a7c15L;
            for (int b = 0; b < 8 && i + b < length; b++) {
                block[i + b] = (byte) (word >>> (8 * b));
            }
        }
        return block;
    }

    /** The checksum of so many bytes from the begin. */
    static long checksum(long bytes, int blockLength) {
        var checksum = new CRC32C();
        for (long at = 0; at < bytes; at += blockLength) {
            checksum.update(block(at, (int) Math.min(blockLength, bytes - at)));
        }
        return checksum.getValue();
    }
}
