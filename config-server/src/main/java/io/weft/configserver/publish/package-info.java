// SPDX-License-Identifier: Apache-2.0
/** From documents to published versions of the policy. */
@NullMarked
package io.weft.configserver.publish;

import org.jspecify.annotations.NullMarked;
