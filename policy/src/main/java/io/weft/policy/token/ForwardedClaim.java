// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.token;

import io.weft.policy.request.HeaderName;

/** A claim of verified tokens that services are shown as a header field. */
public record ForwardedClaim(ClaimPath claim, HeaderName header) {}
