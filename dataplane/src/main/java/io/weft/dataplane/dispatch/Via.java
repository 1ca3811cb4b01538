// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.weft.dataplane.http.HeadWriter;
import io.weft.dataplane.http.RequestHead;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How this proxy shows itself on the requests it passes on, and how it recognises one that it has
 * passed on before (RFC 9110 §7.6.3).
 */
public final class Via {

    private final byte[] pseudonym;
    private final byte[] line;
    private final boolean edge;

    /**
     * @param proxy unique among all proxies
     * @param edge whether clients of this proxy are outside, so that services learn under which
     *     host they called
     */
    public Via(String proxy, boolean edge) {
        this.pseudonym = proxy.getBytes(StandardCharsets.US_ASCII);
        this.line = ("via: 1.1 " + proxy + "\r\n").getBytes(StandardCharsets.US_ASCII);
        this.edge = edge;
    }

    /**
     * What services are told about a client, as whole lines.
     *
     * @param scheme that the client used: {@code http} or {@code https}
     */
    public static byte[] forwardedLines(@Nullable InetSocketAddress client, String scheme) {
        String address = client == null ? "unknown" : client.getAddress().getHostAddress();
        return ("x-forwarded-for: " + address + "\r\nx-forwarded-proto: " + scheme + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the request has passed this proxy before. */
    public boolean hasPassed(RequestHead head) {
        return head.hasPassed(pseudonym);
    }

    void write(HeadWriter writer, RequestHead head, Downstream downstream) {
        if (downstream.isEdge()) {
            writer.forwarded(head);
        } else {
            writer.lines(downstream.forwardedLines());
        }
        if (edge) {
            writer.forwardedHost(head);
        }
        writer.via(head, line);
    }
}
