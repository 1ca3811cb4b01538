// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.operate;

/** What somebody may do, and what a request asks for; each has those before it. */
enum Right {
    /** What everybody may: health, build and metrics, which tell nothing about anybody. */
    NONE,

    /** Looking: policy, status, configuration. */
    VIEW,

    /** Checking, publishing, encrypting, and all that management offers besides. */
    OPERATE;

    boolean covers(Right needed) {
        return compareTo(needed) >= 0;
    }
}
