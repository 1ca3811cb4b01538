// SPDX-License-Identifier: Apache-2.0
/** Who this proxy is and whom it believes: keys, certificates, trust, and TLS made of them. */
@NullMarked
package io.weft.dataplane.identity;

import org.jspecify.annotations.NullMarked;
