// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import java.util.regex.Pattern;

/** What a cookie can be called and have (RFC 6265 §4.1.1; of its value, what browsers let pass). */
final class CookieSyntax {

    static final Pattern NAME = Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z]{1,128}");

    static final Pattern VALUE = Pattern.compile("([!-:<-~]([ -:<-~]*[!-:<-~])?)?");

    private CookieSyntax() {}
}
