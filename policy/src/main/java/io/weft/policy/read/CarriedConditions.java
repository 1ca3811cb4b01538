// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.condition.Condition;

/** Reads conditions that were compiled elsewhere. */
final class CarriedConditions {

    private CarriedConditions() {}

    static Condition condition(Value value) {
        Fields fields = value.fields();
        var cel = fields.required("cel", Value::text);
        var checked = fields.required("checked", Value::text);
        fields.done();
        try {
            return Condition.read(cel.get(), checked.get());
        } catch (IllegalArgumentException e) {
            throw value.refuse("not a checked expression", "what the control plane compiled");
        }
    }
}
