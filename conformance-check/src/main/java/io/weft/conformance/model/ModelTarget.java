// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Request targets and hosts, brought into one form. */
final class ModelTarget {

    private static final int MAX_SEGMENTS = 256;

    /** Incomplete ones, and those of NUL, slash, backslash and semicolon. */
    private static final Pattern BAD_ESCAPE =
            Pattern.compile("%(?![0-9a-fA-F]{2})|%(00|2f|5c|3b)", Pattern.CASE_INSENSITIVE);

    private ModelTarget() {}

    /** A path as it is matched and forwarded (RFC 3986 §6.2.2), with its query left alone. */
    static String normal(String target) throws Refusal {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? "" : target.substring(question);
        if (query.contains("#")) {
            throw bad("fragment");
        }
        return segments(decoded(path)) + query;
    }

    private static String segments(String path) throws Refusal {
        if (path.chars().filter(c -> c == '/').count() > MAX_SEGMENTS) {
            throw bad("too-many-segments");
        }
        Deque<String> kept = new ArrayDeque<>();
        String[] parts = path.substring(1).split("/", -1);
        for (String part : parts) {
            if (part.equals("..")) {
                if (kept.pollLast() == null) {
                    throw bad("above-root");
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                kept.addLast(part);
            }
        }
        String last = parts[parts.length - 1];
        boolean directory = last.isEmpty() || last.equals(".") || last.equals("..");
        return "/" + String.join("/", kept) + (directory && !kept.isEmpty() ? "/" : "");
    }

    private static String decoded(String path) throws Refusal {
        if (!path.matches("/[A-Za-z0-9._~!$&'()*+,=:@/%-]*+") || BAD_ESCAPE.matcher(path).find()) {
            throw bad("bad-path");
        }
        StringBuilder out = new StringBuilder();
        List<Byte> octets = new ArrayList<>();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int octet = c == '%' ? Integer.parseInt(path.substring(i + 1, i + 3), 16) : c;
            octets.add((byte) octet);
            if (c != '%') {
                out.append(c);
                continue;
            }
            boolean unreserved = String.valueOf((char) octet).matches("[A-Za-z0-9._~-]");
            out.append(unreserved ? String.valueOf((char) octet) : path.substring(i, i + 3));
            i += 2;
        }
        requireUtf8(octets);
        return out.toString();
    }

    private static void requireUtf8(List<Byte> octets) throws Refusal {
        ByteBuffer bytes = ByteBuffer.allocate(octets.size());
        octets.forEach(bytes::put);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
        } catch (CharacterCodingException _) {
            throw bad("not-utf-8");
        }
    }

    static boolean isAuthority(String text) {
        if (!text.matches(
                "(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?)(:[0-9]{1,5})?")) {
            return false;
        }
        String port = text.replaceFirst("^(\\[.*]|[^:]*):?", "");
        return port.isEmpty() || Integer.parseInt(port) <= 65_535;
    }

    static String host(String authority) {
        String lower = authority.toLowerCase(Locale.ROOT);
        return lower.replaceFirst(":[0-9]*$", "").replaceFirst("\\.$", "");
    }

    private static Refusal bad(String reason) {
        return Refusal.ending(400, reason);
    }
}
