// SPDX-License-Identifier: Apache-2.0
/** The end of a session, told to every application that was signed in to by it. */
@NullMarked
package io.weft.authservice.logout;

import org.jspecify.annotations.NullMarked;
