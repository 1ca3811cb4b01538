// SPDX-License-Identifier: Apache-2.0
/** weft logs: what a part had to say. */
@NullMarked
package io.weft.cli.logs;

import org.jspecify.annotations.NullMarked;
