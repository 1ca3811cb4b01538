// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.document.Node;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.problem.Position;

/** One declaration of an object; an object that can be used has one only. */
record Claim(Document document, ObjectKey object, Node.Scalar key, Node value) {

    Position at() {
        return key.at();
    }
}
