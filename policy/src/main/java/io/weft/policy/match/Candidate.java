// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.request.Caller;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.RequestView;
import io.weft.policy.request.Sources;
import io.weft.policy.route.CookieMatch;
import io.weft.policy.route.HeaderMatch;
import io.weft.policy.route.Match;
import io.weft.policy.route.QueryMatch;
import io.weft.policy.route.Rank;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule that applies when, besides the path, what remains of a match holds. Better candidates
 * compare as less (Gateway API, precedence of {@code HTTPRouteMatch}): a method, more headers and
 * cookies, more query parameters, somebody who must ask, a port, a lower order, an earlier name.
 */
final class Candidate implements Comparable<Candidate> {

    private final Match match;
    private final Rank rank;
    private final MatchedRule rule;
    private final byte @Nullable [] method;
    private final Header[] headers;
    private final Parameter[] parameters;
    private final Cookie[] cookies;
    private final @Nullable Sources from;

    /** 0 for any. */
    private final int port;

    Candidate(Match match, int order, MatchedRule rule) {
        this.match = match;
        this.rank = new Rank(order, rule.route(), rule.name());
        this.rule = rule;
        this.method =
                match.method() == null ? null : match.method().getBytes(StandardCharsets.US_ASCII);
        this.headers = match.headers().stream().map(Header::of).toArray(Header[]::new);
        this.parameters = match.query().stream().map(Parameter::of).toArray(Parameter[]::new);
        this.cookies = match.cookies().stream().map(Cookie::of).toArray(Cookie[]::new);
        this.from = match.from().areAny() ? null : match.from();
        this.port = match.port() == null ? 0 : match.port();
    }

    MatchedRule rule() {
        return rule;
    }

    List<HeaderMatch> headers() {
        return match.headers();
    }

    /** The value that the match asks for under the name of one of its headers. */
    String valueOf(HeaderName header) {
        return match.headers().stream()
                .filter(each -> each.name().equals(header))
                .map(HeaderMatch::value)
                .findFirst()
                .orElseThrow();
    }

    boolean accepts(RequestView request, Caller caller) {
        if (port != 0 && port != request.port() || from != null && !from.include(caller)) {
            return false;
        }
        if (method != null
                && !Arrays.equals(
                        method,
                        0,
                        method.length,
                        request.bytes(),
                        request.methodStart(),
                        request.methodEnd())) {
            return false;
        }
        for (Header header : headers) {
            if (!header.in(request)) {
                return false;
            }
        }
        for (Parameter parameter : parameters) {
            if (!parameter.in(request)) {
                return false;
            }
        }
        for (Cookie cookie : cookies) {
            if (!cookie.in(request)) {
                return false;
            }
        }
        return true;
    }

    /** Asked while matching too, so it must not allocate. */
    @Override
    public int compareTo(Candidate other) {
        int result = Boolean.compare(method == null, other.method == null);
        if (result == 0) {
            result = Integer.compare(other.fields(), fields());
        }
        if (result == 0) {
            result = Integer.compare(other.parameters.length, parameters.length);
        }
        if (result == 0) {
            result = Boolean.compare(from == null, other.from == null);
        }
        if (result == 0) {
            result = Boolean.compare(port == 0, other.port == 0);
        }
        return result == 0 ? rank.compareTo(other.rank) : result;
    }

    /** How many headers it asks for; a cookie is part of one. */
    private int fields() {
        return headers.length + cookies.length;
    }

    /** The only field of that name, or -1: with two, readers could disagree about which counts. */
    static int onlyField(RequestView request, HeaderName name) {
        int field = request.header(name, 0);
        return field >= 0 && request.header(name, field + 1) < 0 ? field : -1;
    }

    private record Header(HeaderName name, byte[] value) {

        static Header of(HeaderMatch match) {
            return new Header(match.name(), match.value().getBytes(StandardCharsets.US_ASCII));
        }

        boolean in(RequestView request) {
            int field = onlyField(request, name);
            return field >= 0
                    && Arrays.equals(
                            value,
                            0,
                            value.length,
                            request.bytes(),
                            request.valueStart(field),
                            request.valueEnd(field));
        }
    }

    private record Parameter(byte[] name, byte[] value) {

        static Parameter of(QueryMatch match) {
            return new Parameter(
                    match.name().getBytes(StandardCharsets.UTF_8),
                    match.value().getBytes(StandardCharsets.UTF_8));
        }

        boolean in(RequestView request) {
            byte[] bytes = request.bytes();
            int end = request.queryEnd();
            int start = QueryParameters.find(bytes, request.queryStart(), end, name);
            return start >= 0
                    && QueryParameters.is(
                            bytes, start, QueryParameters.valueEnd(bytes, start, end), value);
        }
    }

    private record Cookie(CookieReader reader, byte[] value) {

        static Cookie of(CookieMatch match) {
            return new Cookie(
                    new CookieReader(match.name()),
                    match.value().getBytes(StandardCharsets.US_ASCII));
        }

        boolean in(RequestView request) {
            return reader.isOnly(request, value);
        }
    }
}
