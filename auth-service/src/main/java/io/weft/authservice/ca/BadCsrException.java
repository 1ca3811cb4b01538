// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

/** A certification request that is none, or of a kind that is not taken. */
public final class BadCsrException extends RuntimeException {

    BadCsrException(String why) {
        super("csr: " + why, null, false, false);
    }
}
