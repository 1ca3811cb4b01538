// SPDX-License-Identifier: Apache-2.0
/** How a service of the shop calls another: by its plain name, passing on who asked. */
@NullMarked
package io.weft.demo.calls;

import org.jspecify.annotations.NullMarked;
