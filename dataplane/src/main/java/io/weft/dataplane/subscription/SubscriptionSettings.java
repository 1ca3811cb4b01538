// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.subscription;

import java.net.URI;
import java.nio.file.Path;

/**
 * Where policy comes from.
 *
 * @param controlPlane scheme, host and port of the feed; with https the control plane has to prove
 *     that it is the workload config-server
 * @param stateDirectory where the last good policy is kept, for starting without a control plane
 */
public record SubscriptionSettings(URI controlPlane, Path stateDirectory) {

    public SubscriptionSettings {
        String scheme = controlPlane.getScheme();
        if (!("http".equals(scheme) || "https".equals(scheme))
                || controlPlane.getHost() == null
                || controlPlane.getPort() < 1) {
            throw new IllegalArgumentException(
                    "control-plane: " + controlPlane + " (expected: https://host:port)");
        }
    }
}
