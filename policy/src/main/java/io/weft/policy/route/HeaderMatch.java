// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import io.weft.policy.request.HeaderName;

/** A header that must be there exactly once and have exactly this value. */
public record HeaderMatch(HeaderName name, String value) {}
