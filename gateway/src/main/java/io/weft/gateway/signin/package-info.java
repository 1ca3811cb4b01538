// SPDX-License-Identifier: Apache-2.0
/**
 * Signing in with a browser: OpenID Connect towards the issuer, a session cookie towards the
 * browser, and the session's access token towards services.
 */
@NullMarked
package io.weft.gateway.signin;

import org.jspecify.annotations.NullMarked;
