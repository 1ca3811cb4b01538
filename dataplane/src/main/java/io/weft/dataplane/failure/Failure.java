// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.failure;

import io.weft.dataplane.http.HttpFault;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a request did not get the answer of a service. What a client is told about it is in {@link
 * FailureResponses} and nowhere else.
 */
public sealed interface Failure {

    /** Whether it is certain that no service has seen the request, so that it can be sent again. */
    default boolean isUnprocessed() {
        return false;
    }

    /** One word for machines. */
    default String reason() {
        return getClass()
                .getSimpleName()
                .replaceAll("(?<=.)([A-Z])", "-$1")
                .toLowerCase(Locale.ROOT);
    }

    /** One line for operators; clients do not learn it. */
    default String detail() {
        return "";
    }

    /** The request cannot be understood in exactly one way. */
    record Malformed(HttpFault fault) implements Failure {
        @Override
        public String reason() {
            return fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        @Override
        public String detail() {
            return fault.description();
        }
    }

    /**
     * The client took too long to send its request.
     *
     * @param phase what it was sending: {@code head} or {@code body}
     */
    record SlowClient(String phase) implements Failure {
        @Override
        public String detail() {
            return phase;
        }
    }

    /** No route names the host, or none of its rules matches. */
    record NoRoute(boolean hostKnown) implements Failure {
        @Override
        public String detail() {
            return hostKnown ? "no rule of the host matches" : "no route names the host";
        }
    }

    /**
     * An access rule, or the absence of one, refuses the request.
     *
     * @param rule for logs and metrics; clients do not learn it
     */
    record Denied(String rule) implements Failure {
        @Override
        public String detail() {
            return "by " + rule;
        }
    }

    /**
     * A rule would allow the request of a user whose token it does not carry, or not a good one.
     *
     * @param rule for logs and metrics; clients do not learn it
     * @param token which tokens the rule accepts
     * @param why the request's token is not accepted; null when it carries none
     */
    record SignIn(String rule, String token, @Nullable String why) implements Failure {
        @Override
        public String detail() {
            return rule + " asks for a token of " + token + (why == null ? "" : ": " + why);
        }
    }

    /**
     * A rule would allow the request of a client whose API key it does not carry, or not a good
     * one.
     *
     * @param rule for logs and metrics; clients do not learn it
     * @param why the request's key is not accepted; null when it carries none
     */
    record KeyNeeded(String rule, @Nullable String why) implements Failure {
        @Override
        public String detail() {
            return rule + " asks for an API key" + (why == null ? "" : ": " + why);
        }
    }

    /**
     * Whoever connected did not prove to be a workload of the mesh. There is nobody to answer.
     *
     * @param why one word
     */
    record Untrusted(String why) implements Failure {
        @Override
        public String detail() {
            return why;
        }
    }

    /** The destination has no instance, or none could be reached. */
    record Unreachable(String destination, String why) implements Failure {
        @Override
        public String detail() {
            return destination + ": " + why;
        }

        @Override
        public boolean isUnprocessed() {
            return true;
        }
    }

    /** The connection to the instance ended before the response did. */
    record UpstreamEnded(String destination) implements Failure {
        @Override
        public String detail() {
            return destination;
        }
    }

    /** The instance answered with something that is not HTTP, or not unambiguously. */
    record UpstreamMalformed(String destination, HttpFault fault) implements Failure {
        @Override
        public String detail() {
            return destination + ": " + fault.description();
        }
    }

    /**
     * The response did not come in time.
     *
     * @param limit which limit was passed: {@code request}, {@code attempt} or {@code idle}
     */
    record UpstreamTimeout(String destination, String limit) implements Failure {
        @Override
        public String detail() {
            return destination + ": " + limit;
        }
    }

    /**
     * The request's body is larger than its rule permits.
     *
     * @param most bytes
     */
    record BodyTooLarge(long most) implements Failure {
        @Override
        public String detail() {
            return "more than " + most + " bytes";
        }
    }

    /** The policy wants trouble. */
    record Injected(int status) implements Failure {
        @Override
        public String detail() {
            return String.valueOf(status);
        }
    }

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

    /**
     * A rule names a filter that this gateway cannot run.
     *
     * @param rule for the log; clients do not learn it
     */
    record UnusableFilter(String rule, String filter, String why) implements Failure {
        @Override
        public String detail() {
            return rule + ": filter " + filter + ": " + why;
        }
    }

    /** The client went away; nobody is told. */
    record ClientGone() implements Failure {}
}
