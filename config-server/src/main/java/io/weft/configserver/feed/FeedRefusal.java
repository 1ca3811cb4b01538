// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

/** A subscriber is sent away before it was told anything. */
final class FeedRefusal extends Exception {

    private final int status;

    /**
     * @param status of the HTTP response
     */
    FeedRefusal(int status, String detail) {
        super(detail, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
