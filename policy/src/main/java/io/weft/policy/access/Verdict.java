// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import io.weft.policy.token.Credential;
import io.weft.policy.token.TokenCheck;
import org.jspecify.annotations.Nullable;

/** What the access rules say about a request, and what made them say it. */
public sealed interface Verdict {

    /** The deciding rule's name. */
    String by();

    /**
     * @param credential by which the rule knows the user, of whom services get to see something;
     *     null when it asked for none
     */
    record Granted(String by, @Nullable Credential credential) implements Verdict {}

    record Refused(String by) implements Verdict {}

    /**
     * Nothing denies the request, and nothing allows it; this rule would, if the user's token or
     * API key were there and good and said what the rule asks for.
     *
     * @param why {@link TokenCheck.Absent} or {@link TokenCheck.Invalid}
     */
    record SignIn(String by, Credential credential, TokenCheck why) implements Verdict {}

    /** Nothing allows the request. */
    Refused BY_DEFAULT = new Refused("default-deny");
}
