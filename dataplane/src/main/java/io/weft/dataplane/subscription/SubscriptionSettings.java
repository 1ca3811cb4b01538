// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.subscription;

import java.net.URI;
import java.nio.file.Path;

/**
 * Where policy comes from.
 *
 * @param controlPlane scheme, host and port of the feed
 * @param stateDirectory where the last good policy is kept, for starting without a control plane
 */
public record SubscriptionSettings(URI controlPlane, Path stateDirectory) {

    public SubscriptionSettings {
        if (!"http".equals(controlPlane.getScheme())
                || controlPlane.getHost() == null
                || controlPlane.getPort() < 1) {
            throw new IllegalArgumentException(
                    "control-plane: " + controlPlane + " (expected: http://host:port)");
        }
    }
}
