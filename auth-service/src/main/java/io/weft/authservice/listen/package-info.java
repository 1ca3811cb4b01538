// SPDX-License-Identifier: Apache-2.0
/** The TLS listener: enrolment, trust bundle and public keys, and nothing else. */
@NullMarked
package io.weft.authservice.listen;

import org.jspecify.annotations.NullMarked;
