// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.failure;

import io.weft.dataplane.http.HttpFault;

/**
 * Why a request did not get the answer of a service. What a client is told about it is in {@link
 * FailureResponses} and nowhere else.
 */
public sealed interface Failure {

    /** Whether it is certain that no service has seen the request, so that it can be sent again. */
    default boolean isUnprocessed() {
        return false;
    }

    /** The request cannot be understood in exactly one way. */
    record Malformed(HttpFault fault) implements Failure {}

    /** The client took too long to send its request. */
    record SlowClient(String phase) implements Failure {}

    /** No route names the host, or none of its rules matches. */
    record NoRoute(boolean hostKnown) implements Failure {}

    /**
     * An access rule, or the absence of one, refuses the request.
     *
     * @param rule for logs and metrics; clients do not learn it
     */
    record Denied(String rule) implements Failure {}

    /** The destination has no instance, or none could be reached. */
    record Unreachable(String destination, String reason) implements Failure {
        @Override
        public boolean isUnprocessed() {
            return true;
        }
    }

    /** The connection to the instance ended before the response did. */
    record UpstreamEnded(String destination, String reason) implements Failure {}

    /** The instance answered with something that is not HTTP, or not unambiguously. */
    record UpstreamMalformed(String destination, HttpFault fault) implements Failure {}

    /**
     * The response did not come in time.
     *
     * @param limit which limit was passed: {@code request}, {@code attempt} or {@code idle}
     */
    record UpstreamTimeout(String destination, String limit) implements Failure {}

    /** The request has passed this proxy before. */
    record Loop() implements Failure {}

    /** This proxy has no policy yet. */
    record NotReady() implements Failure {
        @Override
        public boolean isUnprocessed() {
            return true;
        }
    }

    /** A defect of this proxy. */
    record Defect() implements Failure {}

    /** The client went away; nobody is told. */
    record ClientGone() implements Failure {}
}
