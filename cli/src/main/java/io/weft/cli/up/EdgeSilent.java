// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.up;

import io.weft.cli.supervise.Probe;
import java.net.URI;
import java.time.Duration;

/** Every part says that it is ready, and a visitor's request still does not come through. */
final class EdgeSilent extends Exception {

    private static final long serialVersionUID = 1L;

    EdgeSilent(URI address, Duration after, Probe.Answer last) {
        super("GET %s is not 200 after %d s (%s)".formatted(address, after.toSeconds(), last));
    }

    /** The whole story in one line. */
    String line() {
        return String.valueOf(getMessage());
    }
}
