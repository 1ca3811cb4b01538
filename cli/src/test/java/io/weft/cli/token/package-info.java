// SPDX-License-Identifier: Apache-2.0
/** Tests of weft token. */
@NullMarked
package io.weft.cli.token;

import org.jspecify.annotations.NullMarked;
