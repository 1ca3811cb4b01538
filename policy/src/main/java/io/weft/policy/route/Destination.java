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

    public static final String SYNTAX = "a service, or service/version";

    /**
     * Reads what {@link #toString()} writes.
     *
     * @throws IllegalArgumentException when the text is no destination
     */
    public static Destination parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new Destination(ServiceName.parse(text), null);
        }
        if (slash == text.length() - 1) {
            throw new IllegalArgumentException(
                    "destination: " + text + " (expected: " + SYNTAX + ")");
        }
        return new Destination(
                ServiceName.parse(text.substring(0, slash)), text.substring(slash + 1));
    }

    /** As a policy writes it: {@code orders} or {@code orders/v1}. */
    @Override
    public String toString() {
        return version == null ? service.toString() : service + "/" + version;
    }
}
