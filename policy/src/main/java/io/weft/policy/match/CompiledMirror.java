// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.route.Share;

/** A destination that gets copies of a rule's requests. */
public record CompiledMirror(CompiledDestination to, Share share) {}
