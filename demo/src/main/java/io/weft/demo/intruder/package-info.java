// SPDX-License-Identifier: Apache-2.0
/** A caller that no access rule lets in. */
@NullMarked
package io.weft.demo.intruder;

import org.jspecify.annotations.NullMarked;
