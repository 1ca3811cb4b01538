// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.service;

/**
 * Where a service says that it is well: an agent's {@code /app-health} asks there.
 *
 * @param path absolute path, in normal form
 */
public record HealthCheck(String path) {}
