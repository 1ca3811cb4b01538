// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

/** The authority cannot do now what it is asked to; the message says why and what would help. */
public final class AuthorityException extends RuntimeException {

    AuthorityException(String why) {
        super(why);
    }
}
