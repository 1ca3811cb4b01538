// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.token;

/** What became of looking for a user's token in a request. */
public sealed interface TokenCheck {

    /** The request carries a good one. */
    record Verified(User user) implements TokenCheck {}

    /** The request carries none. */
    record Absent() implements TokenCheck {}

    /**
     * The request carries one that is refused.
     *
     * @param reason in a few words that the client may read and that are the same for all clients
     */
    record Invalid(String reason) implements TokenCheck {}

    Absent ABSENT = new Absent();
}
