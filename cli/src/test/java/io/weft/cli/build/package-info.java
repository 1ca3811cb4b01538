// SPDX-License-Identifier: Apache-2.0
/** Builds, with a stand-in for Maven. */
@NullMarked
package io.weft.cli.build;

import org.jspecify.annotations.NullMarked;
