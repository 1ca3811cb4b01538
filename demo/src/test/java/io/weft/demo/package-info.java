// SPDX-License-Identifier: Apache-2.0
/** The shop run whole: every service started, real HTTP between them. */
@NullMarked
package io.weft.demo;

import org.jspecify.annotations.NullMarked;
