// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

/** Who sent a request, and so what of that which it says about itself is believed. */
public enum Sender {
    /** Somebody who has proved nothing. */
    STRANGER,
    /** The application beside this proxy, on the same machine and by the same clock. */
    APPLICATION,
    /** Another proxy of the mesh, by its certificate. */
    PROXY
}
