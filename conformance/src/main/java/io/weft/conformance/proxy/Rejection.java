// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.proxy;

/**
 * Why a proxy refused a request, as it logged it.
 *
 * @param status what the client was told
 * @param reason one token for machines, such as {@code bad-chunk}
 */
public record Rejection(int status, String reason) {}
