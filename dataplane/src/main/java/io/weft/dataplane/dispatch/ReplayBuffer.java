// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What was sent of a request's body, as long as it is little enough to be sent again. The pieces
 * are shared with what was sent, not copied.
 */
final class ReplayBuffer {

    /** A larger body is sent once. */
    private static final int LIMIT = 64 * 1024;

    /** A body in more pieces is sent once: each keeps the buffer that it was received in. */
    private static final int MOST_PIECES = 64;

    private final List<ByteBuf> pieces = new ArrayList<>(0);
    private int size;
    private boolean complete = true;

    void add(ByteBuf piece) {
        if (!complete) {
            return;
        }
        size += piece.readableBytes();
        if (size > LIMIT || pieces.size() == MOST_PIECES) {
            clear();
            complete = false;
        } else {
            pieces.add(piece.retainedDuplicate());
        }
    }

    /** Whether everything that was sent is here. */
    boolean isComplete() {
        return complete;
    }

    /** The bytes that are here. */
    int size() {
        return size;
    }

    /** Hands out every piece once more; each is the consumer's to release. */
    void replay(Consumer<ByteBuf> consumer) {
        for (ByteBuf piece : pieces) {
            consumer.accept(piece.retainedDuplicate());
        }
    }

    /** Forgets everything, for the next request. */
    void reset() {
        clear();
        complete = true;
    }

    private void clear() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        size = 0;
    }
}
