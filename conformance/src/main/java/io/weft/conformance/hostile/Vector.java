// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import io.weft.conformance.proxy.Plane;

/**
 * One hostile request, or an innocent one that looks hostile.
 *
 * @param note what is not obvious from the bytes; may be empty
 * @param input the bytes to send, one character for each
 * @param atInbound what is expected where host and route do not matter
 * @param upstream what the upstream sees if the request is forwarded
 */
record Vector(
        String id,
        String note,
        String input,
        Expectation elsewhere,
        Expectation atInbound,
        ForwardedForm upstream) {

    Expectation expectation(Plane plane) {
        return plane == Plane.INBOUND ? atInbound : elsewhere;
    }

    /** HEAD or anything else, which is all that reading an answer needs to know. */
    String method() {
        return input.startsWith("HEAD ") ? "HEAD" : "GET";
    }
}
