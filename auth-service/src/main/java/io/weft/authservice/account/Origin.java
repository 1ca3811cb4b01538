// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.account;

/** Where an account comes from. */
public enum Origin {
    /** Somebody took up an invitation. */
    INVITED,
    /** There under the demo profile, and gone without it. */
    DEMO
}
