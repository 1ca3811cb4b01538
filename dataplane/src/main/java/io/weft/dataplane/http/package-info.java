// SPDX-License-Identifier: Apache-2.0
/**
 * HTTP/1.1 as bytes: a strict reader that refuses what could be understood in two ways, and a
 * writer of the one canonical form.
 */
@NullMarked
package io.weft.dataplane.http;

import org.jspecify.annotations.NullMarked;
