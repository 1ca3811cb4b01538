// SPDX-License-Identifier: Apache-2.0
/** What can be bought. */
@NullMarked
package io.weft.demo.catalog;

import org.jspecify.annotations.NullMarked;
