// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of a token: no token is kept, and none can be made to look like another. */
record TokenHash(long a, long b, long c, long d) {

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final ThreadLocal<Work> WORK = ThreadLocal.withInitial(Work::new);

    private static final class Work {
        private final MessageDigest digest;
        private final byte[] result = new byte[32];

        private Work() {
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }

    /** Reads 64 hexadecimal digits. */
    static TokenHash parse(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    static TokenHash of(byte[] bytes, int start, int end) {
        Work work = WORK.get();
        byte[] result = work.result;
        work.digest.update(bytes, start, end - start);
        try {
            work.digest.digest(result, 0, result.length);
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has 32 bytes", e);
        }
        return of(result);
    }

    private static TokenHash of(byte[] result) {
        return new TokenHash(
                (long) LONGS.get(result, 0),
                (long) LONGS.get(result, 8),
                (long) LONGS.get(result, 16),
                (long) LONGS.get(result, 24));
    }
}
