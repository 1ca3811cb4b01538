// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.load;

import java.nio.ByteBuffer;

/** One request of a run. */
final class Request {

    private final long number;
    private final long intended;
    private final ByteBuffer unsent;

    Request(long number, long intended, byte[] bytes) {
        this.number = number;
        this.intended = intended;
        this.unsent = ByteBuffer.wrap(bytes);
    }

    long number() {
        return number;
    }

    /** When it was to start, on the clock of {@link System#nanoTime}. */
    long intended() {
        return intended;
    }

    ByteBuffer unsent() {
        return unsent;
    }
}
