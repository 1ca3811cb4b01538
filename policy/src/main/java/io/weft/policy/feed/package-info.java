// SPDX-License-Identifier: Apache-2.0
/** The messages between control plane and proxies. */
@NullMarked
package io.weft.policy.feed;

import org.jspecify.annotations.NullMarked;
