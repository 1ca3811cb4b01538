// SPDX-License-Identifier: Apache-2.0
/** Where everything is: the distribution, and what a run leaves in .weft beside it. */
@NullMarked
package io.weft.cli.home;

import org.jspecify.annotations.NullMarked;
