// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

/** Allows or denies callers some requests. */
public record AccessRule(String name, Mode mode, Targets to, Callers from, Effect effect) {}
