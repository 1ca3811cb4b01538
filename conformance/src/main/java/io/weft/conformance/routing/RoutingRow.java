// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.routing;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One conformance test: routes, and requests with what must become of them.
 *
 * @param test its name in the Gateway API
 * @param feature that it needs
 * @param routes YAML under {@code weft.routes}; empty where the test has no meaning without
 *     Kubernetes or is not passed yet
 * @param exception why no proxy is asked it; empty where all are
 */
record RoutingRow(
        String test,
        String feature,
        String routes,
        List<Probe> probes,
        Optional<String> exception) {

    RoutingRow {
        probes = List.copyOf(probes);
    }

    /** Whether it is about requests that leave a workload. */
    boolean isOfMesh() {
        return test.startsWith("Mesh");
    }

    /**
     * A request and what must become of it.
     *
     * @param to the service that answers; empty where none does
     * @param status of the answer
     * @param locations of which the answer has one; empty where that does not matter
     * @param response fields of the answer
     * @param upstream fields of the request as it arrives
     * @param target of the request as it arrives; empty where it does not matter
     * @param shares in percent, by service, of many such requests; empty for one request
     * @param body of the request
     * @param chunked whether the body has no declared length
     * @param copies who gets a copy
     * @param copyShares in percent, by service, of how many of many such requests
     */
    record Probe(
            String method,
            String host,
            String path,
            Map<String, String> headers,
            Optional<String> to,
            int status,
            List<String> locations,
            Form response,
            Form upstream,
            Optional<String> target,
            Map<String, Integer> shares,
            Optional<String> body,
            boolean chunked,
            List<String> copies,
            Map<String, Integer> copyShares) {

        @Override
        public String toString() {
            return method + " " + host + path + (headers.isEmpty() ? "" : " " + headers);
        }
    }

    /**
     * Fields that a message has, and those that it has not.
     *
     * @param has with their values, joined by commas where there are several
     */
    record Form(Map<String, String> has, List<String> lacks) {}
}
