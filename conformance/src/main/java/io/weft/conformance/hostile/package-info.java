// SPDX-License-Identifier: Apache-2.0
/** What a proxy must do with input that is wrong on purpose, from clients and from upstreams. */
@NullMarked
package io.weft.conformance.hostile;

import org.jspecify.annotations.NullMarked;
