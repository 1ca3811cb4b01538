// SPDX-License-Identifier: Apache-2.0
/** What operators can do about certificates and enrolment, under {@code /api/ca}. */
@NullMarked
package io.weft.authservice.operate;

import org.jspecify.annotations.NullMarked;
