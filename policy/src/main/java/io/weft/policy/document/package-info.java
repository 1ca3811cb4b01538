// SPDX-License-Identifier: Apache-2.0
/**
 * YAML documents as trees of nodes that know their place; the only package that sees the YAML
 * parser.
 */
@NullMarked
package io.weft.policy.document;

import org.jspecify.annotations.NullMarked;
