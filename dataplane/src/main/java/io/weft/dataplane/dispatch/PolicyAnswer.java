// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.weft.dataplane.http.Redirection;
import io.weft.dataplane.http.RequestHead;
import io.weft.policy.match.AnsweringRule;
import io.weft.policy.match.CompiledRedirect;
import io.weft.policy.match.CompiledResponse;
import io.weft.policy.request.HeaderName;
import io.weft.policy.route.HeaderEdits;
import java.util.List;

/** What the policy answers a request that reaches no service. */
public record PolicyAnswer(int status, List<HeaderEdits.Field> headers, byte[] body) {

    private static final HeaderName LOCATION = HeaderName.of("location");
    private static final byte[] NOTHING = {};

    /**
     * The answer of a rule.
     *
     * @param scheme by which the client asked
     */
    public static PolicyAnswer of(AnsweringRule rule, RequestHead head, String scheme) {
        return switch (rule) {
            case CompiledRedirect redirect ->
                    without(
                            redirect.redirect().status(),
                            List.of(
                                    new HeaderEdits.Field(
                                            LOCATION,
                                            Redirection.location(redirect, head, scheme))));
            case CompiledResponse response ->
                    new PolicyAnswer(
                            response.response().status(),
                            response.response().headers(),
                            response.body());
        };
    }

    /** An answer without a body. */
    static PolicyAnswer without(int status, List<HeaderEdits.Field> headers) {
        return new PolicyAnswer(status, headers, NOTHING);
    }

    /** The status line's phrase. */
    public String reason() {
        return HttpResponseStatus.valueOf(status).reasonPhrase();
    }

    /** Whether there is a body, or could be one (RFC 9110 §15.3.5, §15.4.5). */
    public boolean mayHaveBody() {
        return status != 204 && status != 304;
    }
}
