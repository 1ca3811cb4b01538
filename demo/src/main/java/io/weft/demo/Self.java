// SPDX-License-Identifier: Apache-2.0
package io.weft.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which service of the shop this process is.
 *
 * @param service the service to be
 * @param version the version it says it is, such as {@code v1}
 */
@ConfigurationProperties("weft.demo")
public record Self(Service service, String version) {

    /** The services in this jar. */
    public enum Service {
        STOREFRONT,
        ORDERS,
        PAYMENTS,
        CATALOG,
        TRAFFIC,
        INTRUDER
    }

    public Self(@Nullable Service service, @DefaultValue("v1") String version) {
        if (service == null) {
            throw new IllegalArgumentException(
                    "weft.demo.service: missing (expected: one of " + services() + ")");
        }
        this.service = service;
        this.version = version;
    }

    /** The name on the way of a request, such as {@code orders v1}. */
    public String label() {
        String name = name(service);
        return switch (service) {
            case ORDERS, PAYMENTS -> name + " " + version;
            default -> name;
        };
    }

    private static String services() {
        return Arrays.stream(Service.values()).map(Self::name).collect(Collectors.joining(", "));
    }

    private static String name(Service service) {
        return service.name().toLowerCase(Locale.ROOT);
    }
}
