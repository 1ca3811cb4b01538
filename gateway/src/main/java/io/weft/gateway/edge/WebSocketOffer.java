// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.edge;

import io.weft.dataplane.http.RequestHead;
import io.weft.policy.request.HeaderName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/**
 * The one offer to speak something else than HTTP that is passed on: the opening handshake of a
 * WebSocket, and only when nothing is missing (RFC 6455 §4.2.1).
 */
final class WebSocketOffer {

    /** The fields that make the offer, as they are passed on. */
    static final byte[] LINES =
            "connection: upgrade\r\nupgrade: websocket\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final HeaderName CONNECTION = HeaderName.of("connection");
    private static final HeaderName UPGRADE = HeaderName.of("upgrade");
    private static final HeaderName VERSION = HeaderName.of("sec-websocket-version");
    private static final HeaderName KEY = HeaderName.of("sec-websocket-key");
    private static final int KEY_BYTES = 16;

    private WebSocketOffer() {}

    static boolean isMadeBy(RequestHead head) {
        return head.wantsUpgrade()
                && head.isMethod("GET")
                && !head.isHttp10()
                && !head.hasBody()
                && only(head, UPGRADE).equalsIgnoreCase("websocket")
                && only(head, VERSION).equals("13")
                && isKey(only(head, KEY))
                && connectionNamesUpgrade(head);
    }

    /** The value of the only field of that name, or nothing. */
    private static String only(RequestHead head, HeaderName name) {
        int field = head.header(name, 0);
        return field < 0 || head.header(name, field + 1) >= 0 ? "" : value(head, field);
    }

    private static String value(RequestHead head, int field) {
        int start = head.valueStart(field);
        return new String(
                head.bytes(), start, head.valueEnd(field) - start, StandardCharsets.ISO_8859_1);
    }

    private static boolean isKey(String text) {
        try {
            return Base64.getDecoder().decode(text).length == KEY_BYTES;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean connectionNamesUpgrade(RequestHead head) {
        int field = head.header(CONNECTION, 0);
        while (field >= 0) {
            String[] options = value(head, field).toLowerCase(Locale.ROOT).split(",", -1);
            if (Arrays.stream(options).map(String::strip).anyMatch("upgrade"::equals)) {
                return true;
            }
            field = head.header(CONNECTION, field + 1);
        }
        return false;
    }
}
