// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of the feed that are made once, when first wanted, and go to every subscriber. They lie
 * outside the heap, where sockets take them from without a copy for each, and are freed with the
 * last reference by the garbage collector: no subscriber can forget to release them.
 */
final class Line {

    private final Supplier<String> text;
    private volatile @Nullable ByteBuf bytes;

    Line(Supplier<String> text) {
        this.text = text;
    }

    /** A view with a reader index of its own. */
    ByteBuf bytes() {
        ByteBuf made = bytes;
        if (made == null) {
            made = make();
        }
        return made.duplicate();
    }

    private synchronized ByteBuf make() {
        ByteBuf made = bytes;
        if (made == null) {
            byte[] encoded = text.get().getBytes(StandardCharsets.UTF_8);
            var direct = ByteBuffer.allocateDirect(encoded.length).put(encoded).flip();
            made = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(direct)).asReadOnly();
            bytes = made;
        }
        return made;
    }
}
