// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import io.weft.policy.identity.ServiceName;
import org.jspecify.annotations.Nullable;

/**
 * Where a request can go: a service, or one version of it.
 *
 * @param version null for all instances
 */
public record Destination(ServiceName service, @Nullable String version) {

    /** As a policy writes it: {@code orders} or {@code orders/v1}. */
    @Override
    public String toString() {
        return version == null ? service.toString() : service + "/" + version;
    }
}
