// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.server;

/** Scopes that mean something to this server itself. */
final class Scopes {

    /**
     * The operator API, for somebody with the role admin. A token that is passed on to services
     * does not have it, so none of them can administer in an admin's name.
     */
    static final String ADMIN = "weft.admin";

    private Scopes() {}
}
