// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.seal;

/** Something sealed does not open: it was sealed under another key, or is not what it was. */
public final class BrokenSealException extends RuntimeException {

    BrokenSealException(String purpose) {
        super(
                "the "
                        + purpose
                        + " does not open with this seal key: it was sealed under another one"
                        + " (weft.auth.seal-key, or seal.key in the state directory), or it was"
                        + " changed");
    }
}
