// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.forwarding;

import io.weft.conformance.raw.BodyReader;
import java.io.IOException;
import java.util.SplittableRandom;

/** A long body that needs no memory: bytes that only their position determines. */
final class LongBody {

    static final int BLOCK = 64 * 1024;

    private final byte[] block = new byte[BLOCK];
    private final long bytes;

    LongBody(long bytes) {
        this.bytes = bytes;
        new SplittableRandom(bytes).nextBytes(block);
    }

    long bytes() {
        return bytes;
    }

    /** Takes blocks of a body. */
    interface Sink {

        void write(byte[] block, int length) throws IOException;
    }

    /** Gives blocks of a body into the array, or -1 at its end. */
    interface Source {

        int read(byte[] block) throws IOException;
    }

    void writeTo(Sink sink) throws IOException {
        for (long at = 0; at < bytes; at += BLOCK) {
            sink.write(block, (int) Math.min(BLOCK, bytes - at));
        }
    }

    /** Reads to the end, and fails at the first byte that is another one, missing or too many. */
    void verify(Source source) throws IOException {
        byte[] got = new byte[BLOCK];
        long at = 0;
        for (int n = source.read(got); n >= 0; n = source.read(got)) {
            for (int i = 0; i < n; i++, at++) {
                if (got[i] != block[(int) (at % BLOCK)]) {
                    throw new IOException("another byte at " + at);
                }
            }
        }
        if (at != bytes) {
            throw new IOException(at + " bytes (expected: " + bytes + ")");
        }
    }

    void verify(BodyReader body) throws IOException {
        verify(body::read);
    }
}
