// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.telemetry;

/**
 * What tells one set of traffic counters from another.
 *
 * @param reporter who counts: {@code source} or {@code destination}, since both see one call
 * @param source the calling workload
 * @param destination the called service
 * @param version the version of the instance that answered; empty when there was none
 * @param route the route, never the path
 */
public record SeriesKey(
        String reporter, String source, String destination, String version, String route) {

    /** The side that sends a request. */
    public static final String SOURCE = "source";

    /** The side that serves it. */
    public static final String DESTINATION = "destination";
}
