// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

/** Where people sign in and out, as Spring Security has it by default. */
final class Paths {

    static final String START = "/oauth2/authorization/" + Provider.REGISTRATION;
    static final String CALLBACK = "/login/oauth2/code/" + Provider.REGISTRATION;
    static final String SIGN_OUT = "/logout";
    static final String BACK_CHANNEL = "/logout/connect/back-channel/" + Provider.REGISTRATION;

    private Paths() {}
}
