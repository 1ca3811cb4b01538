// SPDX-License-Identifier: Apache-2.0
/** weft check: is a policy right? Read and judged by what the control plane uses as well. */
@NullMarked
package io.weft.cli.check;

import org.jspecify.annotations.NullMarked;
