// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.time.Duration;

/** Named behaviours of upstreams. */
public final class Scripts {

    /** How long a script that waits for the other side does so. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Scripts() {}

    /** Reads the whole request and answers with what it saw, as JSON. */
    public static Script echo() {
        return exchange -> {
            exchange.readBody();
            exchange.answer(
                    200,
                    Echo.json(exchange.request()),
                    "Content-Type: application/json",
                    "X-Echo-Target: " + exchange.head().target());
        };
    }

    /** Reads the whole request and answers with a text. */
    public static Script text(int status, String body, String... fieldLines) {
        return exchange -> {
            exchange.readBody();
            exchange.answer(status, body, fieldLines);
        };
    }

    /** Reads the whole request and sends these bytes, whatever they mean; the connection stays. */
    public static Script raw(String bytes) {
        return exchange -> {
            exchange.readBody();
            exchange.write(bytes);
        };
    }

    /** Reads the whole request, sends these bytes and closes. */
    public static Script rawThenClose(String bytes) {
        return exchange -> {
            exchange.readBody();
            exchange.write(bytes);
            exchange.close();
        };
    }

    /** Reads the whole request, sends these bytes and resets the connection. */
    public static Script rawThenReset(String bytes) {
        return exchange -> {
            exchange.readBody();
            exchange.write(bytes);
            exchange.reset();
        };
    }

    /** Reads the whole request and says nothing until the other side gives up. */
    public static Script silence() {
        return exchange -> {
            exchange.readBody();
            exchange.awaitPeerGone(PATIENCE);
        };
    }

    /** Serves the first request of a connection and closes it as the second one arrives. */
    public static Script closingOnReuse(Script first) {
        return exchange -> {
            if (exchange.ordinal() == 1) {
                first.serve(exchange);
            } else {
                exchange.close();
            }
        };
    }
}
