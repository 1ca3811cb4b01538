// SPDX-License-Identifier: Apache-2.0
/**
 * The keys that sign tokens: made, sealed, published ahead of use and kept until nothing is signed
 * by them.
 */
@NullMarked
package io.weft.authservice.key;

import org.jspecify.annotations.NullMarked;
