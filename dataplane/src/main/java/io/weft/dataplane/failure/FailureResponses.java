// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.failure;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.weft.dataplane.failure.Failure.BodyTooLarge;
import io.weft.dataplane.failure.Failure.ClientGone;
import io.weft.dataplane.failure.Failure.Defect;
import io.weft.dataplane.failure.Failure.Denied;
import io.weft.dataplane.failure.Failure.Injected;
import io.weft.dataplane.failure.Failure.KeyNeeded;
import io.weft.dataplane.failure.Failure.Loop;
import io.weft.dataplane.failure.Failure.Malformed;
import io.weft.dataplane.failure.Failure.NoRoute;
import io.weft.dataplane.failure.Failure.NotReady;
import io.weft.dataplane.failure.Failure.SignIn;
import io.weft.dataplane.failure.Failure.SlowClient;
import io.weft.dataplane.failure.Failure.Unreachable;
import io.weft.dataplane.failure.Failure.Untrusted;
import io.weft.dataplane.failure.Failure.UnusableFilter;
import io.weft.dataplane.failure.Failure.UpstreamEnded;
import io.weft.dataplane.failure.Failure.UpstreamMalformed;
import io.weft.dataplane.failure.Failure.UpstreamTimeout;
import io.weft.dataplane.http.HttpFault;

/** The one place that turns failures into responses. */
public final class FailureResponses {

    private FailureResponses() {}

    public static Answer to(Failure failure) {
        return switch (failure) {
            case Malformed(HttpFault fault) -> malformed(fault);
            case SlowClient _ ->
                    new Answer(
                            408,
                            "Request Timeout",
                            "Request timeout",
                            "The request did not arrive in time.",
                            Flag.TIMEOUT);
            case NoRoute(boolean hostKnown) ->
                    new Answer(
                            404,
                            "Not Found",
                            "No route",
                            hostKnown
                                    ? "No route of this host matches the request."
                                    : "No route is declared for this host.",
                            Flag.NO_ROUTE);
            case Denied _ ->
                    new Answer(
                            403,
                            "Forbidden",
                            "Access denied",
                            "No access rule allows this request.",
                            Flag.DENIED);
            case SignIn(_, _, String why) ->
                    new Answer(
                            401,
                            "Unauthorized",
                            why == null ? "No access token" : "Access token refused",
                            why == null ? "The request needs an access token." : sentence(why),
                            Flag.DENIED,
                            why == null ? "Bearer" : "Bearer error=\"invalid_token\"");
            case KeyNeeded(_, String why) ->
                    new Answer(
                            401,
                            "Unauthorized",
                            why == null ? "No API key" : "API key refused",
                            why == null ? "The request needs an API key." : sentence(why),
                            Flag.DENIED,
                            "ApiKey header=\"X-Api-Key\"");
            case Untrusted _ ->
                    new Answer(
                            403,
                            "Forbidden",
                            "Not trusted",
                            "The peer did not prove to be a workload of this mesh.",
                            Flag.DENIED);
            case Unreachable _ ->
                    new Answer(
                            503,
                            "Service Unavailable",
                            "Service unavailable",
                            "No instance of the service can be reached.",
                            Flag.UPSTREAM);
            case UpstreamEnded _ ->
                    new Answer(
                            502,
                            "Bad Gateway",
                            "Connection lost",
                            "The service ended the connection before it answered.",
                            Flag.UPSTREAM);
            case UpstreamMalformed _ ->
                    new Answer(
                            502,
                            "Bad Gateway",
                            "Malformed response",
                            "The service answered with something that cannot be passed on.",
                            Flag.UPSTREAM);
            case UpstreamTimeout _ ->
                    new Answer(
                            504,
                            "Gateway Timeout",
                            "Response timeout",
                            "The service did not answer in time.",
                            Flag.TIMEOUT);
            case BodyTooLarge(long most) ->
                    new Answer(
                            413,
                            reason(413),
                            "Body too large",
                            "The request has more than " + most + " bytes.",
                            Flag.CLIENT);
            case Injected(int status) ->
                    new Answer(
                            status,
                            HttpResponseStatus.valueOf(status).reasonPhrase(),
                            "Injected fault",
                            "The policy asks for this answer.",
                            Flag.FAULT);
            case Loop _ ->
                    new Answer(
                            508,
                            "Loop Detected",
                            "Loop detected",
                            "The request has passed this proxy before.",
                            Flag.FAULT);
            case NotReady _ ->
                    new Answer(
                            503,
                            "Service Unavailable",
                            "Not ready",
                            "This proxy has no policy yet.",
                            Flag.OVERLOAD);
            case Defect _, UnusableFilter _ ->
                    new Answer(
                            500,
                            "Internal Server Error",
                            "Proxy error",
                            "The proxy failed to handle the request.",
                            Flag.FAULT);
            case ClientGone _ ->
                    new Answer(
                            499,
                            "Client Closed Request",
                            "Client closed request",
                            "The client went away.",
                            Flag.CLIENT);
        };
    }

    private static String sentence(String why) {
        return Character.toUpperCase(why.charAt(0)) + why.substring(1) + ".";
    }

    private static Answer malformed(HttpFault fault) {
        String detail =
                Character.toUpperCase(fault.description().charAt(0))
                        + fault.description().substring(1)
                        + ".";
        return new Answer(
                fault.status(), reason(fault.status()), "Malformed request", detail, Flag.CLIENT);
    }

    private static String reason(int status) {
        return switch (status) {
            case 405 -> "Method Not Allowed";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 505 -> "HTTP Version Not Supported";
            default -> "Bad Request";
        };
    }
}
