// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.audit;

/** Something could not be written to the log, so it must not happen. */
public final class AuditUnavailableException extends RuntimeException {

    AuditUnavailableException(String why) {
        super("the log of what is issued cannot be written: " + why);
    }
}
