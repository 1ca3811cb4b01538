// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.weft.dataplane.telemetry.Traffic;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of copies.
 *
 * @param answered whatever the answer was
 * @param failed without an answer in time
 * @param dropped were not sent: too many were on their way, or the body was too large to keep
 */
record CopyCounts(LongAdder answered, LongAdder failed, LongAdder dropped) {

    static CopyCounts of(Traffic traffic, String route, String destination) {
        return new CopyCounts(
                traffic.copies(route, destination, "answered"),
                traffic.copies(route, destination, "failed"),
                traffic.copies(route, destination, "dropped"));
    }
}
