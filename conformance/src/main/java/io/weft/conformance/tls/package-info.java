// SPDX-License-Identifier: Apache-2.0
/** Certificates for tests: right ones, and wrong ones of every kind. */
@NullMarked
package io.weft.conformance.tls;

import org.jspecify.annotations.NullMarked;
