// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.seal;

/** What was given as seal key is none. */
public final class BadSealKeyException extends RuntimeException {

    BadSealKeyException(IllegalArgumentException why) {
        super(why.getMessage(), why);
    }
}
