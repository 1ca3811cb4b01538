// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.object;

import java.util.Locale;

/** The kinds of object a policy is made of, each a map under {@code weft.}. */
public enum ObjectKind {
    SERVICES,
    ROUTES,
    TOKENS,
    ACCESS;

    /** The root under which a policy declares objects of this kind. */
    public String root() {
        return name().toLowerCase(Locale.ROOT);
    }
}
