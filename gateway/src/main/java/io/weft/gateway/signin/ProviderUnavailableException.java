// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

/** The issuer cannot be asked at the moment. */
final class ProviderUnavailableException extends RuntimeException {

    ProviderUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
