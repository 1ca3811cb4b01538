// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.weft.policy.match.CompiledDestination;
import io.weft.policy.route.Share;

/**
 * Somebody who gets copies of requests.
 *
 * @param permit to send them there
 * @param budget for all that this proxy sends
 */
record Copy(
        CompiledDestination to, Share share, Permit permit, CopyBudget budget, CopyCounts counts) {

    /** The same with another permit. */
    Copy with(Permit other) {
        return new Copy(to, share, other, budget, counts);
    }
}
