// SPDX-License-Identifier: Apache-2.0
/** The only service that visitors reach: a page, the catalogue and their orders. */
@NullMarked
package io.weft.demo.storefront;

import org.jspecify.annotations.NullMarked;
