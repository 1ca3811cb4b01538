// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.signin;

/** Where the pages are. */
public final class Paths {

    public static final String HOME = "/";
    public static final String LOGIN = "/login";
    public static final String LOGOUT = "/logout";
    public static final String SIGNED_OUT = "/signed-out";
    public static final String CONSENT = "/consent";
    public static final String WELCOME = "/welcome";

    private Paths() {}
}
