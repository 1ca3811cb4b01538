// SPDX-License-Identifier: Apache-2.0
/** Encryption of what must be kept and must not be read: private keys at rest. */
@NullMarked
package io.weft.authservice.seal;

import org.jspecify.annotations.NullMarked;
