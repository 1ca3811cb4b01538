// SPDX-License-Identifier: Apache-2.0
/** The shop of the quick start: one jar, each service a package, which one to be a property. */
@NullMarked
package io.weft.demo;

import org.jspecify.annotations.NullMarked;
