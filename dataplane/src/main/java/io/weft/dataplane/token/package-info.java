// SPDX-License-Identifier: Apache-2.0
/**
 * Verifies users' tokens: keys are fetched in the background and kept, tokens are verified once and
 * remembered, and no request ever waits for an issuer.
 */
@NullMarked
package io.weft.dataplane.token;

import org.jspecify.annotations.NullMarked;
