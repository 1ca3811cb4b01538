// SPDX-License-Identifier: Apache-2.0
/** What a proxy must do with traffic that is right. */
@NullMarked
package io.weft.conformance.forwarding;

import org.jspecify.annotations.NullMarked;
