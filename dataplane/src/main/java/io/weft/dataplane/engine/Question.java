// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.engine;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.match.CompiledRewrite;
import io.weft.policy.request.Caller;
import io.weft.policy.request.PlainRequest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that nobody has sent, about which somebody wants to know what would become of it.
 *
 * @param headers such as {@code x-tester: yes}
 * @param from the workload that sends it to the one beside this proxy, or {@code nobody}; null for
 *     a request that the proxy itself would send
 * @param address from which it is sent; null for this machine
 */
public record Question(
        String method,
        String host,
        String path,
        List<String> headers,
        @Nullable String from,
        @Nullable String address) {

    private static final String NOBODY = "nobody";
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    public Question {
        headers = List.copyOf(headers);
    }

    /**
     * @throws IllegalArgumentException for what no request could be, saying why
     */
    PlainRequest request() {
        return request(host, path);
    }

    /**
     * The same request as it arrives behind a rule.
     *
     * @param asked {@link #request()}
     */
    PlainRequest arriving(PlainRequest asked, CompiledRewrite rewrite) {
        if (rewrite.equals(CompiledRewrite.NONE)) {
            return asked;
        }
        int question = path.indexOf('?');
        String query = question < 0 ? "" : path.substring(question);
        byte[] host = rewrite.host();
        return request(
                host == null ? this.host : new String(host, StandardCharsets.US_ASCII),
                rewrite.path().of(asked.path()) + query);
    }

    private PlainRequest request(String host, String target) {
        var builder = PlainRequest.of(method, host, target);
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                // It may be a credential, so it is not said again.
                throw new IllegalArgumentException("header (expected: name:value)");
            }
            builder.header(header.substring(0, colon), header.substring(colon + 1).strip());
        }
        return builder.build();
    }

    /**
     * @param self for which the proxy speaks
     * @throws IllegalArgumentException when there can be no such caller
     */
    Caller caller(ServiceName self) {
        byte[] bytes = address == null ? LOOPBACK : InetAddress.ofLiteral(address).getAddress();
        if (from == null) {
            return Caller.of(self, bytes);
        }
        return from.equals(NOBODY)
                ? Caller.unidentified(bytes)
                : Caller.of(ServiceName.parse(from), bytes);
    }
}
