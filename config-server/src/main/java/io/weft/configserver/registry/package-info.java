// SPDX-License-Identifier: Apache-2.0
/** Which instances of which services are there. */
@NullMarked
package io.weft.configserver.registry;

import org.jspecify.annotations.NullMarked;
