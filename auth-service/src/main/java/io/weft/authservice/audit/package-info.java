// SPDX-License-Identifier: Apache-2.0
/** The log of what was issued and of what operators did: append-only and hash-chained. */
@NullMarked
package io.weft.authservice.audit;

import org.jspecify.annotations.NullMarked;
