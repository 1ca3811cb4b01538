// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.upstream;

import io.weft.dataplane.http.HttpLimits;
import java.time.Duration;

/**
 * How connections to endpoints are made and kept.
 *
 * @param connect how long a connection may take to be made
 * @param idle how long a request may go without a byte in either direction
 * @param keepAlive how long an unused connection is kept, unless the endpoint announces less
 * @param limits of response heads
 */
public record UpstreamSettings(
        Duration connect, Duration idle, Duration keepAlive, HttpLimits limits) {

    public static final UpstreamSettings DEFAULT =
            new UpstreamSettings(
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(30),
                    new HttpLimits(64 * 1024, 200));
}
