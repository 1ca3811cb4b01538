// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.feed;

import io.weft.policy.codec.ObjectWriter;
import io.weft.policy.document.Node;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.PolicyObject;

/** A policy object as it travels: in the policy's own syntax, not yet understood. */
public record WireObject(ObjectKey key, Node value) {

    public static WireObject of(PolicyObject object) {
        return new WireObject(object.key(), ObjectWriter.write(object));
    }
}
