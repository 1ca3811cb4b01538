// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.load;

/** Why a request has no answer. */
public enum FailureKind {
    /** No connection came about. */
    CONNECT,
    /** The connection was reset. */
    RESET,
    /** The connection was closed inside an answer, or before it on a fresh connection. */
    CUT,
    /**
     * A kept connection ended, by close or reset, just when it was reused. A client that repeats
     * safe requests would have hidden this one.
     */
    STALE,
    /** No whole answer in time. */
    TIMEOUT,
    /** What came was not HTTP/1.1, or not asked for. */
    MALFORMED,
    /** Not sent, because as many requests as the plan allows were outstanding. */
    SATURATED
}
