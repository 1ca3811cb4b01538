// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

/**
 * A query parameter whose first value must be exactly this; name and value are compared decoded,
 * and their case matters.
 */
public record QueryMatch(String name, String value) {}
