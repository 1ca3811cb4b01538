// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.document.Node;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.problem.Position;
import io.weft.policy.read.ObjectReader;
import io.weft.policy.read.ObjectReading;

/** One declaration of an object; an object that can be used has one only. */
record Claim(Document document, ObjectKey object, Node.Scalar key, Node value) {

    ObjectReading read() {
        return document.isCarried()
                ? ObjectReader.carried(object.kind(), key, value)
                : ObjectReader.written(object.kind(), key, value);
    }

    Position at() {
        return key.at();
    }
}
