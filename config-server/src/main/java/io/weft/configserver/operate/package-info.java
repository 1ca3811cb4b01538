// SPDX-License-Identifier: Apache-2.0
/**
 * Who may look at the control plane and who may change it: the first thing that every request to
 * its servlet listeners meets.
 */
@NullMarked
package io.weft.configserver.operate;

import org.jspecify.annotations.NullMarked;
