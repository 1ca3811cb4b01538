// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.weft.dataplane.http.RequestHead;
import io.weft.policy.match.CompiledRule;
import io.weft.policy.match.RouteTable;
import io.weft.policy.request.Caller;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.RequestView;
import io.weft.policy.route.Cors;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A browser's question whether a page may send a request (Fetch Standard, CORS-preflight request).
 * It is for the rule that the request itself would have, whose method is another one.
 *
 * @param rule which decides that
 */
public record Preflight(CompiledRule rule, PolicyAnswer answer) {

    private static final HeaderName METHOD = HeaderName.of("access-control-request-method");
    private static final HeaderName HEADERS = HeaderName.of("access-control-request-headers");

    /** The question with its answer; null when the request asks no rule that answers such. */
    public static @Nullable Preflight of(RouteTable routes, RequestHead head, Caller caller) {
        if (!head.isMethod("OPTIONS") || head.header(Cors.ORIGIN, 0) < 0) {
            return null;
        }
        int method = head.header(METHOD, 0);
        if (method < 0
                || !(routes.match(new Asked(head, method), caller) instanceof CompiledRule rule)
                || rule.cors() == null) {
            return null;
        }
        int headers = head.header(HEADERS, 0);
        return new Preflight(
                rule,
                CorsEdits.preflight(
                        rule.cors(),
                        head,
                        text(head, method),
                        headers < 0 ? null : text(head, headers)));
    }

    private static String text(RequestHead head, int field) {
        int start = head.valueStart(field);
        return new String(
                head.bytes(), start, head.valueEnd(field) - start, StandardCharsets.ISO_8859_1);
    }

    /** The request that the page wants to send, as far as routes look at it. */
    private record Asked(RequestHead head, int method) implements RequestView {
        @Override
        public byte[] bytes() {
            return head.bytes();
        }

        @Override
        public int methodStart() {
            return head.valueStart(method);
        }

        @Override
        public int methodEnd() {
            return head.valueEnd(method);
        }

        @Override
        public int hostStart() {
            return head.hostStart();
        }

        @Override
        public int hostEnd() {
            return head.hostEnd();
        }

        @Override
        public int pathStart() {
            return head.pathStart();
        }

        @Override
        public int pathEnd() {
            return head.pathEnd();
        }

        @Override
        public int queryStart() {
            return head.queryStart();
        }

        @Override
        public int queryEnd() {
            return head.queryEnd();
        }

        @Override
        public int port() {
            return head.port();
        }

        @Override
        public int header(HeaderName name, int from) {
            return head.header(name, from);
        }

        @Override
        public int valueStart(int header) {
            return head.valueStart(header);
        }

        @Override
        public int valueEnd(int header) {
            return head.valueEnd(header);
        }
    }
}
