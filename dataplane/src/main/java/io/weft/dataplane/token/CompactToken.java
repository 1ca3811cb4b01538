// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/**
 * A token in its compact form (RFC 7515 §7.1): three parts in base64url without padding, the first
 * two of them JSON objects of modest depth and with numbers of modest length.
 *
 * @param parameters the names in the header, also those of which the library makes nothing
 * @param signed the bytes that the signature is about
 */
record CompactToken(
        JWSHeader header,
        Set<String> parameters,
        Base64URL payload,
        byte[] signed,
        Base64URL signature) {

    /** In bytes, of the whole. */
    static final int LONGEST = 16 * 1_024;

    /**
     * @throws RefusedTokenException when it is no such token
     */
    static CompactToken parse(byte[] bytes, int start, int end) throws RefusedTokenException {
        if (end - start > LONGEST) {
            throw new RefusedTokenException(Refusal.TOO_LONG);
        }
        int first = dot(bytes, start, end);
        int second = dot(bytes, first + 1, end);
        if (first == start || second == first + 1 || second + 1 >= end) {
            throw new RefusedTokenException(Refusal.MALFORMED);
        }
        if (dotOrEnd(bytes, second + 1, end) != end) {
            throw new RefusedTokenException(Refusal.MALFORMED);
        }
        try {
            Base64URL header = part(bytes, start, first);
            Set<String> parameters = object(header).keySet();
            return new CompactToken(
                    JWSHeader.parse(header),
                    parameters,
                    part(bytes, first + 1, second),
                    Arrays.copyOfRange(bytes, start, second),
                    part(bytes, second + 1, end));
        } catch (ParseException | IllegalArgumentException e) {
            throw new RefusedTokenException(Refusal.MALFORMED);
        }
    }

    /** The claims; to be read when the signature is known to be good. */
    Map<String, Object> claims() throws RefusedTokenException {
        return object(payload);
    }

    private static Map<String, Object> object(Base64URL part) throws RefusedTokenException {
        try {
            byte[] json = Base64.getUrlDecoder().decode(part.toString());
            if (!JsonShape.isModest(json)) {
                throw new RefusedTokenException(Refusal.MALFORMED);
            }
            return JSONObjectUtils.parse(new String(json, StandardCharsets.UTF_8));
        } catch (ParseException | IllegalArgumentException e) {
            throw new RefusedTokenException(Refusal.MALFORMED);
        }
    }

    private static Base64URL part(byte[] bytes, int start, int end) {
        return new Base64URL(new String(bytes, start, end - start, StandardCharsets.US_ASCII));
    }

    private static int dot(byte[] bytes, int from, int end) throws RefusedTokenException {
        int dot = dotOrEnd(bytes, from, end);
        if (dot == end) {
            throw new RefusedTokenException(Refusal.MALFORMED);
        }
        return dot;
    }

    private static int dotOrEnd(byte[] bytes, int from, int end) throws RefusedTokenException {
        int at = from;
        while (at < end && bytes[at] != '.') {
            if (!isBase64Url(bytes[at])) {
                throw new RefusedTokenException(Refusal.MALFORMED);
            }
            at++;
        }
        return at;
    }

    private static boolean isBase64Url(byte b) {
        return b >= 'a' && b <= 'z'
                || b >= 'A' && b <= 'Z'
                || b >= '0' && b <= '9'
                || b == '-'
                || b == '_';
    }
}
