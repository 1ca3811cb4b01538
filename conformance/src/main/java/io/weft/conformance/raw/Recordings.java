// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.util.ArrayList;
import java.util.List;

/** The memory of an upstream. */
final class Recordings {

    private final List<RecordedRequest> requests = new ArrayList<>();
    private final List<RecordedConnection> connections = new ArrayList<>();

    synchronized void add(RecordedRequest request) {
        requests.add(request);
    }

    synchronized void add(RecordedConnection connection) {
        connections.add(connection);
    }

    /** Brings back a connection that went wrong after it was forgotten. */
    synchronized void keep(RecordedConnection connection) {
        if (!connections.contains(connection)) {
            connections.add(connection);
        }
    }

    synchronized List<RecordedRequest> requests() {
        return List.copyOf(requests);
    }

    synchronized List<RecordedConnection> connections() {
        return List.copyOf(connections);
    }

    synchronized void clear() {
        requests.clear();
        connections.clear();
    }
}
