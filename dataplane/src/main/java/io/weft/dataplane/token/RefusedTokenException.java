// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

/** A token that is refused; without a stack trace, because anybody can cause it. */
final class RefusedTokenException extends Exception {

    private final Refusal refusal;

    RefusedTokenException(Refusal refusal) {
        super(refusal.check().reason(), null, false, false);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
