// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

/**
 * A document as its owner wrote it.
 *
 * @param file its path within the policy's root, with {@code /} between directories
 */
public record PolicyText(String file, String text) {}
