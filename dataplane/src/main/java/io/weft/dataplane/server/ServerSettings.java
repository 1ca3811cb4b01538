// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

import io.weft.dataplane.http.HttpLimits;
import java.time.Duration;

/**
 * What a listener expects of its clients.
 *
 * @param limits of request heads and trailers
 * @param header how long a head may take from its first byte, or from the connection's begin
 * @param keepAlive how long a connection may be idle between requests
 * @param bodyWindow how often the rate of a body is checked
 * @param bodyRate bytes per second that a client must send on average over a window; of a response
 *     it must take something within each
 */
public record ServerSettings(
        HttpLimits limits, Duration header, Duration keepAlive, Duration bodyWindow, int bodyRate) {

    public static final ServerSettings DEFAULT =
            new ServerSettings(
                    HttpLimits.DEFAULT,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(75),
                    Duration.ofSeconds(10),
                    240);
}
