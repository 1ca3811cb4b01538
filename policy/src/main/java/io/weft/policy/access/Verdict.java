// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

/** What the access rules say about a request, and what made them say it. */
public sealed interface Verdict {

    /** The deciding rule's name. */
    String by();

    record Granted(String by) implements Verdict {}

    record Refused(String by) implements Verdict {}

    /** Nothing allows the request. */
    Refused BY_DEFAULT = new Refused("default-deny");
}
