// SPDX-License-Identifier: Apache-2.0
/**
 * The hole that every proxy fills in to be judged: how it is started, what it is told, what it
 * shows.
 */
@NullMarked
package io.weft.conformance.proxy;

import org.jspecify.annotations.NullMarked;
