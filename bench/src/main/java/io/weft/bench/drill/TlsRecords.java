// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * What of a direction of a connection can be seen from outside when it is TLS 1.3 (RFC 8446, 5.1):
 * one hello in clear, then nothing but sealed records.
 */
final class TlsRecords {

    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int LONGEST = (1 << 14) + 256;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;
    private static final int TLS_1_3 = 0x0304;
    private static final int RANDOM = 32;

    private TlsRecords() {}

    /** Why these bytes are not TLS 1.3; empty when they are. */
    static String problem(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        boolean hello = true;
        while (in.remaining() >= 5) {
            int type = in.get();
            int version = in.getShort();
            int length = in.getShort() & 0xffff;
            if (version >> 8 != 3 || length > LONGEST) {
                return "no TLS record at byte " + (in.position() - 5);
            }
            boolean expected =
                    hello
                            ? type == HANDSHAKE
                            : type == APPLICATION_DATA || type == CHANGE_CIPHER_SPEC;
            if (!expected) {
                return "a record of type " + type + " in clear";
            }
            hello = false;
            in.position(Math.min(in.limit(), in.position() + length));
        }
        return "";
    }

    /** What a server's hello has agreed to, such as {@code 0304 with 11ec}: version and group. */
    static String agreed(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            in.position(5 + 4 + 2 + RANDOM);
            in.position(in.position() + 1 + (in.get(in.position()) & 0xff));
            in.position(in.position() + 2 + 1);
            int end = (in.getShort() & 0xffff) + in.position();
            int version = 0;
            int group = 0;
            while (in.position() < end) {
                int extension = in.getShort() & 0xffff;
                int length = in.getShort() & 0xffff;
                int first = length >= 2 ? in.getShort(in.position()) & 0xffff : 0;
                version = extension == SUPPORTED_VERSIONS ? first : version;
                group = extension == KEY_SHARE ? first : group;
                in.position(in.position() + length);
            }
            return "TLS %s, group %04x".formatted(version == TLS_1_3 ? "1.3" : "?", group);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return "no hello of a server";
        }
    }
}
