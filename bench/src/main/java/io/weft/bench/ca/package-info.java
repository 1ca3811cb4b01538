// SPDX-License-Identifier: Apache-2.0
/** What a certificate costs the authority. */
@NullMarked
package io.weft.bench.ca;

import org.jspecify.annotations.NullMarked;
