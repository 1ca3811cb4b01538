// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

/** How far a reader has come with what it was given. */
public enum Progress {
    /** It has taken everything and needs more. */
    MORE,
    /** It has taken what belongs to it, up to the last byte. */
    COMPLETE,
    /** It cannot go on; the fault says why. */
    FAULT
}
