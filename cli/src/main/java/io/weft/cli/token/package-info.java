// SPDX-License-Identifier: Apache-2.0
/** weft token: a person's token for the command line. */
@NullMarked
package io.weft.cli.token;

import org.jspecify.annotations.NullMarked;
