// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.registry;

/** One stream of one proxy; when the proxy connects again it is another one. */
public record StreamId(long number) {}
