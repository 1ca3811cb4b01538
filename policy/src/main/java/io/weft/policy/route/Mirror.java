// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

/**
 * A destination that gets copies of requests, whose answers nobody sees (Gateway API, {@code
 * HTTPRequestMirrorFilter}).
 */
public record Mirror(Destination to, Share share) {}
