// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

/** Ends the reading of a value whose problems have been reported; carries nothing itself. */
final class RefusedException extends RuntimeException {

    static final RefusedException INSTANCE = new RefusedException();

    private RefusedException() {
        super("refused", null, false, false);
    }
}
