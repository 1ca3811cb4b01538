// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.util.Locale;

/** The head of a response as it was on the wire. */
public record ResponseHead(String version, int status, String reason, Fields fields) {

    /** Whether this is a 1xx response, which another one follows. */
    public boolean interim() {
        return status < 200;
    }

    /** Whether the sender keeps the connection for another request. */
    public boolean keepsConnection() {
        String connection = String.join(",", fields.all("Connection")).toLowerCase(Locale.ROOT);
        return version.equals("HTTP/1.1") && !connection.contains("close");
    }

    @Override
    public String toString() {
        return version + " " + status + " " + reason + "\n" + fields;
    }
}
