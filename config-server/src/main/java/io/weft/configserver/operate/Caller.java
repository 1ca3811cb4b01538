// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.operate;

/** Who sent a request. */
sealed interface Caller {

    /**
     * Somebody with a good credential.
     *
     * @param name for the log
     */
    record Proven(String name, Right right) implements Caller {}

    /** Somebody who shows nothing. */
    record Anonymous() implements Caller {}

    /**
     * Somebody whose credential is refused.
     *
     * @param reason which the caller may read
     */
    record Refused(String reason) implements Caller {}
}
