// SPDX-License-Identifier: Apache-2.0
/** A request as policy sees it: bytes and offsets, so that looking costs no allocation. */
@NullMarked
package io.weft.policy.request;

import org.jspecify.annotations.NullMarked;
