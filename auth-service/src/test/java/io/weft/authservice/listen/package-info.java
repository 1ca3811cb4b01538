// SPDX-License-Identifier: Apache-2.0
/** Enrolment over real TLS. */
@NullMarked
package io.weft.authservice.listen;

import org.jspecify.annotations.NullMarked;
