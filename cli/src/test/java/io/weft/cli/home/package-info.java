// SPDX-License-Identifier: Apache-2.0
/** What one command leaves for another. */
@NullMarked
package io.weft.cli.home;

import org.jspecify.annotations.NullMarked;
