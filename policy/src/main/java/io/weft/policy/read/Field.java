// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import org.jspecify.annotations.Nullable;

/**
 * What was read under one key of a mapping. It may be asked only after {@link Fields#done}, which
 * does not return when the value was refused.
 *
 * @param value null when the key is absent
 */
record Field<T>(@Nullable T value) {

    T or(T otherwise) {
        return value == null ? otherwise : value;
    }

    /** For keys that were required. */
    T get() {
        if (value == null) {
            throw new IllegalStateException("asked before done()");
        }
        return value;
    }
}
