// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.control;

import io.weft.dataplane.engine.Explanations;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** {@code /actuator/policy}: the policy that the gateway runs. */
@WebEndpoint(id = "policy")
public final class PolicyEndpoint {

    private final Explanations explanations;

    public PolicyEndpoint(Explanations explanations) {
        this.explanations = explanations;
    }

    @ReadOperation(produces = "application/json")
    public String policy() {
        return explanations.policy();
    }
}
