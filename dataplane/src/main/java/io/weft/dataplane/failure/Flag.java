// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.failure;

import java.util.Locale;

/** Who or what ended a request; one vocabulary for metrics, logs and answers. */
public enum Flag {
    OK,
    /** The client sent something wrong, or left. */
    CLIENT,
    TIMEOUT,
    DENIED,
    /** The upstream could not be reached or failed. */
    UPSTREAM,
    NO_ROUTE,
    OVERLOAD,
    /** This proxy is at fault. */
    FAULT;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As metrics, logs and problem documents write it. */
    public String label() {
        return label;
    }
}
