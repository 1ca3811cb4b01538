// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.service;

/** What a service speaks; declared by its owner, never guessed from the bytes. */
public enum Protocol {
    /** HTTP/1.1. */
    HTTP
}
