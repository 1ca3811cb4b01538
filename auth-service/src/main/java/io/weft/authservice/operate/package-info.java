// SPDX-License-Identifier: Apache-2.0
/** What operators can do about certificates, enrolment and people, under {@code /api}. */
@NullMarked
package io.weft.authservice.operate;

import org.jspecify.annotations.NullMarked;
