// SPDX-License-Identifier: Apache-2.0
/** Where policy documents come from: Config Server locates them, this package reads them. */
@NullMarked
package io.weft.configserver.source;

import org.jspecify.annotations.NullMarked;
