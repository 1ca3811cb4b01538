// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.publish;

import io.weft.policy.compile.Good;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.snapshot.PolicyVersion;
import java.time.Instant;

/**
 * A policy in force.
 *
 * @param since when it was published
 */
public record Publication(PolicyVersion version, Instant since, Good good) {

    public PolicyObjects objects() {
        return good.objects();
    }
}
