// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.model;

/** A request that gets an answer of the proxy's own. */
final class Refusal extends Exception {

    private final int status;
    private final String reason;
    private final String flag;
    private final boolean ends;

    private Refusal(int status, String reason, String flag, boolean ends) {
        super(reason, null, false, false);
        this.status = status;
        this.reason = reason;
        this.flag = flag;
        this.ends = ends;
    }

    /** Nobody knows where the next request starts. */
    static Refusal ending(int status, String reason) {
        return new Refusal(status, reason, status == 408 ? "timeout" : "client", true);
    }

    /** As {@link #of}, but the connection ends. */
    static Refusal ofEnding(int status, String reason, String flag) {
        return new Refusal(status, reason, flag, true);
    }

    /** The connection goes on. */
    static Refusal of(int status, String reason, String flag) {
        return new Refusal(status, reason, flag, false);
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }

    String flag() {
        return flag;
    }

    boolean ends() {
        return ends;
    }
}
