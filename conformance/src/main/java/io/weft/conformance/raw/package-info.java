// SPDX-License-Identifier: Apache-2.0
/**
 * HTTP/1.1 as bytes: a client and an upstream that send exactly what they are told, and a strict
 * reader of their own, so that no engine is ever judged by its own parser.
 */
@NullMarked
package io.weft.conformance.raw;

import org.jspecify.annotations.NullMarked;
