// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.up;

import io.weft.cli.supervise.Probe;
import io.weft.cli.supervise.Probe.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A visitor's request, sent until it succeeds: the only proof that all parts work together. */
final class EdgeRequest {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final Pattern VIA = Pattern.compile("\"via\":\"([^\"]*)\"");

    private EdgeRequest() {}

    /**
     * @return the services it came through
     */
    static String until200(URI address, Duration atMost) throws EdgeSilent, InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (true) {
            Answer answer = Probe.ask(address);
            if (answer instanceof Answer.Status status && answer.good()) {
                Matcher via = VIA.matcher(status.body());
                return via.find() ? via.group(1) : "";
            }
            if (System.nanoTime() > end) {
                throw new EdgeSilent(address, atMost, answer);
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }
}
