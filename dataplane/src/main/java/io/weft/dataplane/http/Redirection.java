// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import io.weft.policy.match.CompiledRedirect;
import io.weft.policy.route.Action;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Where a rule sends clients: always a whole URI, so that no path can be taken for a host. */
public final class Redirection {

    private Redirection() {}

    /**
     * The value of Location (RFC 9110 §10.2.2).
     *
     * @param scheme by which the client asked
     */
    public static String location(CompiledRedirect rule, RequestHead head, String scheme) {
        Action.Redirect redirect = rule.redirect();
        String to = redirect.scheme() == null ? scheme : redirect.scheme();
        return to
                + "://"
                + (redirect.host() == null ? host(head) : redirect.host())
                + port(redirect, head, to)
                + pathAndQuery(rule, head);
    }

    private static String host(RequestHead head) {
        return text(head.bytes(), head.hostStart(), head.hostEnd());
    }

    private static String port(Action.Redirect redirect, RequestHead head, String scheme) {
        String port;
        if (redirect.port() != null) {
            port = redirect.port().toString();
        } else {
            port = redirect.scheme() == null ? head.writtenPort() : "";
        }
        boolean usual = port.isEmpty() || port.equals(scheme.equals("http") ? "80" : "443");
        return usual ? "" : ":" + port;
    }

    private static String pathAndQuery(CompiledRedirect rule, RequestHead head) {
        byte[] bytes = head.bytes();
        int query = head.queryEnd() - head.queryStart();
        int path = head.pathEnd() - head.pathStart();
        byte[] out = new byte[rule.path().room(path) + 1 + 3 * query];
        int end = rule.path().apply(bytes, head.pathStart(), head.pathEnd(), out, 0);
        if (query > 0) {
            out[end++] = '?';
            end = HeadWriter.escapeQuery(bytes, head.queryStart(), head.queryEnd(), out, end);
        }
        return text(out, 0, end);
    }

    private static String text(byte[] bytes, int start, int end) {
        return new String(Arrays.copyOfRange(bytes, start, end), StandardCharsets.US_ASCII);
    }
}
