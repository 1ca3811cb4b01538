// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.token;

import io.weft.policy.request.HeaderName;

/** A claim that services get to see, as a header that clients cannot send themselves. */
public record ForwardedClaim(ClaimPath claim, HeaderName header) {}
