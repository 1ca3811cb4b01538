// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

/** The head of a request as it was on the wire. */
public record RequestHead(String method, String target, String version, Fields fields) {

    @Override
    public String toString() {
        return method + " " + target + " " + version + "\n" + fields;
    }
}
