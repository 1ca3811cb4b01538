// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.supervise;

import java.time.Duration;
import java.util.Collection;

/** Hears how a start is going. */
public interface Progress {

    /** Hears nothing. */
    Progress NONE =
            new Progress() {
                @Override
                public void ready(Part part, Duration took) {}

                @Override
                public void waiting(Collection<Part> parts) {}
            };

    /** A part does its work now. */
    void ready(Part part, Duration took);

    /** These are still to come. */
    void waiting(Collection<Part> parts);
}
