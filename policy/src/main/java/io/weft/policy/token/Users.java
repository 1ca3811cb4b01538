// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.token;

/**
 * Tells who the user of one request is. Asked only when a rule needs to know, for the same
 * credential perhaps by several rules of which all get the same answer.
 */
@FunctionalInterface
public interface Users {

    /** Where no request carries any. */
    Users NOBODY = _ -> TokenCheck.ABSENT;

    TokenCheck user(Credential credential);
}
