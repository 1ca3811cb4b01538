// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.telemetry;

import io.weft.policy.request.RequestView;

/** The methods that metrics tell apart; clients can invent others without end. */
public enum Method {
    GET,
    HEAD,
    POST,
    PUT,
    DELETE,
    PATCH,
    OPTIONS,
    OTHER;

    private static final Method[] ALL = values();

    public static Method of(RequestView request) {
        byte[] bytes = request.bytes();
        int start = request.methodStart();
        int length = request.methodEnd() - start;
        for (int i = 0; i < OTHER.ordinal(); i++) {
            if (spells(ALL[i].name(), bytes, start, length)) {
                return ALL[i];
            }
        }
        return OTHER;
    }

    private static boolean spells(String name, byte[] bytes, int start, int length) {
        if (name.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[start + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
