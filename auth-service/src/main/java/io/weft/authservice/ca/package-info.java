// SPDX-License-Identifier: Apache-2.0
/**
 * The certificate authority: root, issuing certificate, trust bundle and their succession. Bouncy
 * Castle writes the structures, the JCA signs.
 */
@NullMarked
package io.weft.authservice.ca;

import org.jspecify.annotations.NullMarked;
