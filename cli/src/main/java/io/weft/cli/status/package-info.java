// SPDX-License-Identifier: Apache-2.0
/** weft status: what is running, and is it well? */
@NullMarked
package io.weft.cli.status;

import org.jspecify.annotations.NullMarked;
