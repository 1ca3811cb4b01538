// SPDX-License-Identifier: Apache-2.0
/** Names of workloads and trust domains. */
@NullMarked
package io.weft.policy.identity;

import org.jspecify.annotations.NullMarked;
