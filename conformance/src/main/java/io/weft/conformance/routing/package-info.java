// SPDX-License-Identifier: Apache-2.0
/** The conformance tests of the Kubernetes Gateway API as data, and what asks a proxy them. */
@NullMarked
package io.weft.conformance.routing;

import org.jspecify.annotations.NullMarked;
