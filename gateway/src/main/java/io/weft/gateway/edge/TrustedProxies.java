// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.edge;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.dataplane.http.RequestHead;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The proxies in front of the gateway that are believed when they say whose request they pass on.
 * Only what one of them wrote itself is looked at: a sender can put whatever it likes to the left.
 */
final class TrustedProxies {

    private static final String FOR = "x-forwarded-for";
    private static final String PROTO = "x-forwarded-proto";
    private static final HeaderName FOR_FIELD = HeaderName.of(FOR);
    private static final HeaderName PROTO_FIELD = HeaderName.of(PROTO);

    /** Nobody has more proxies in a row; a list may be as long as a head. */
    private static final int MOST_HOPS = 32;

    private final List<Network> networks;

    TrustedProxies(List<Network> networks) {
        this.networks = List.copyOf(networks);
    }

    /** Whose request came from this end of a connection; the same when that is not a proxy. */
    Sender sender(Sender peer, RequestHead head) {
        return isOne(peer.address())
                ? sender(peer, values(head, FOR_FIELD), values(head, PROTO_FIELD))
                : peer;
    }

    /** Whose request it is, of a head that Netty has read. */
    Sender sender(Sender peer, HttpHeaders headers) {
        return sender(peer, headers.getAll(FOR), headers.getAll(PROTO));
    }

    private static List<String> values(RequestHead head, HeaderName name) {
        var values = new ArrayList<String>(1);
        int field = head.header(name, 0);
        while (field >= 0) {
            int start = head.valueStart(field);
            int length = head.valueEnd(field) - start;
            values.add(new String(head.bytes(), start, length, StandardCharsets.ISO_8859_1));
            field = head.header(name, field + 1);
        }
        return values;
    }

    /**
     * @param addresses what a trusted proxy sent in {@code X-Forwarded-For}; several are one list
     * @param schemes what it sent in {@code X-Forwarded-Proto}
     */
    Sender sender(Sender proxy, List<String> addresses, List<String> schemes) {
        InetSocketAddress client = client(addresses);
        String scheme = scheme(schemes);
        return client == null && scheme == null
                ? proxy
                : new Sender(
                        client == null ? proxy.address() : client,
                        scheme == null ? proxy.scheme() : scheme);
    }

    /**
     * The first address from the right that is not a trusted proxy's, or else the last one before
     * the list ends or cannot be read; null when there is none.
     */
    private @Nullable InetSocketAddress client(List<String> fields) {
        InetSocketAddress client = null;
        int hops = 0;
        for (String list : fields.reversed()) {
            int end = list.length();
            while (end >= 0) {
                int comma = list.lastIndexOf(',', end - 1);
                InetSocketAddress next = address(list.substring(comma + 1, end).strip());
                if (next == null || hops++ == MOST_HOPS) {
                    return client;
                }
                client = next;
                if (!isOne(next)) {
                    return client;
                }
                end = comma;
            }
        }
        return client;
    }

    boolean isOne(@Nullable InetSocketAddress address) {
        if (networks.isEmpty() || address == null || address.isUnresolved()) {
            return false;
        }
        byte[] bytes = address.getAddress().getAddress();
        return networks.stream().anyMatch(each -> each.contains(bytes));
    }

    /** An address as proxies write it, some with its port; null when it is none. */
    private static @Nullable InetSocketAddress address(String text) {
        try {
            byte[] bytes = Network.address(withoutPort(text));
            return new InetSocketAddress(InetAddress.getByAddress(bytes), 0);
        } catch (IllegalArgumentException | UnknownHostException _) {
            return null;
        }
    }

    private static String withoutPort(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            String port = text.substring(end + 1);
            return end > 0 && text.indexOf(':') < end && (port.isEmpty() || isPort(port))
                    ? text.substring(1, end)
                    : "";
        }
        int colon = text.indexOf(':');
        boolean hasPort = colon > 0 && colon == text.lastIndexOf(':');
        return hasPort && isPort(text.substring(colon)) ? text.substring(0, colon) : text;
    }

    private static boolean isPort(String text) {
        return text.length() <= 6 && text.matches(":[0-9]+");
    }

    /**
     * What the nearest proxy says, whether it replaces the field or adds to it: what stands before
     * may be the client's own words. Null when it says nothing that can be meant.
     */
    private static @Nullable String scheme(List<String> fields) {
        if (fields.isEmpty()) {
            return null;
        }
        String list = fields.getLast();
        String last = list.substring(list.lastIndexOf(',') + 1).strip().toLowerCase(Locale.ROOT);
        return Arrays.asList("http", "https").contains(last) ? last : null;
    }
}
