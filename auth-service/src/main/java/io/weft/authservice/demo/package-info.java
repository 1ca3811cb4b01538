// SPDX-License-Identifier: Apache-2.0
/** People and clients to try things with, under the demo profile only. */
@NullMarked
package io.weft.authservice.demo;

import org.jspecify.annotations.NullMarked;
