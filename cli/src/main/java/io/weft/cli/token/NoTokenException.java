// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.token;

/** There is no token to be had; the message says why, and nothing that is secret. */
final class NoTokenException extends Exception {

    NoTokenException(String message) {
        super(message);
    }
}
