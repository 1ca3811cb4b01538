// SPDX-License-Identifier: Apache-2.0
/** Enrolment: who gets a certificate of which workload, how often, and what is left behind. */
@NullMarked
package io.weft.authservice.enrol;

import org.jspecify.annotations.NullMarked;
