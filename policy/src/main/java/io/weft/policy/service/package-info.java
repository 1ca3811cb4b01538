// SPDX-License-Identifier: Apache-2.0
/** Services: what can be called. */
@NullMarked
package io.weft.policy.service;

import org.jspecify.annotations.NullMarked;
