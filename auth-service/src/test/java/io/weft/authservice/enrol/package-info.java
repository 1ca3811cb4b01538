// SPDX-License-Identifier: Apache-2.0
/** Attestation by others. */
@NullMarked
package io.weft.authservice.enrol;

import org.jspecify.annotations.NullMarked;
