// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import org.jspecify.annotations.Nullable;

/** Somebody is not signed in, or no longer. The message is for operators and has no secrets. */
final class RefusedSignInException extends RuntimeException {

    RefusedSignInException(String message) {
        this(message, null);
    }

    RefusedSignInException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
