// SPDX-License-Identifier: Apache-2.0
/** The log under crashes, damage and full disks. */
@NullMarked
package io.weft.authservice.audit;

import org.jspecify.annotations.NullMarked;
