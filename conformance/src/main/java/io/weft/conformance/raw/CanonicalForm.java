// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The one form in which a proxy of ours writes a request: what any other reader of HTTP/1.1
 * understands in exactly one way. The strict reader has already refused what has no meaning at all;
 * this judges what is left.
 */
final class CanonicalForm {

    /** Fields that mean something to one connection only (RFC 9110 §7.6.1). */
    private static final Set<String> HOP_BY_HOP =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "te",
                    "upgrade",
                    "http2-settings");

    /** Fields that must not come after the body (RFC 9110 §6.5.1). */
    private static final Set<String> NEVER_TRAILING =
            Set.of(
                    "host",
                    "content-length",
                    "content-encoding",
                    "content-type",
                    "content-range",
                    "transfer-encoding",
                    "trailer",
                    "authorization",
                    "cookie",
                    "expect",
                    "forwarded",
                    "x-forwarded-for",
                    "via");

    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._~!$&'()*+=%-]+)(:[0-9]{1,5})?");

    /** Dot segments, empty segments, and characters that some readers take for others. */
    private static final Pattern AMBIGUOUS_PATH =
            Pattern.compile(
                    "//|/\\.\\.?(/|$)|;|\\\\|%(00|2f|5c|3b)|%(2d|2e|5f|7e|3[0-9]|[46][1-9a-f]|[57][0-9a])",
                    Pattern.CASE_INSENSITIVE);

    private CanonicalForm() {}

    /** What is wrong with the head; empty if nothing is. */
    static List<String> departures(RequestHead head) {
        List<String> found = new ArrayList<>();
        if (!head.version().equals("HTTP/1.1")) {
            found.add("version " + head.version());
        }
        target(head, found);
        host(head.fields().all("Host"), found);
        length(head.fields().all("Content-Length"), found);
        head.fields().forEach(field -> name(field, found));
        return found;
    }

    static List<String> trailerDepartures(Fields trailers) {
        List<String> found = new ArrayList<>();
        for (Field field : trailers) {
            name(field, found);
            if (NEVER_TRAILING.contains(lower(field.name()))) {
                found.add("trailer field " + field);
            }
        }
        return found;
    }

    private static void target(RequestHead head, List<String> found) {
        String target = head.target();
        if (target.equals("*") && head.method().equals("OPTIONS")) {
            return;
        }
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        if (!path.startsWith("/") || target.contains("#") || AMBIGUOUS_PATH.matcher(path).find()) {
            found.add("target " + target);
        }
    }

    private static void host(List<String> hosts, List<String> found) {
        if (hosts.size() != 1) {
            found.add(hosts.size() + " Host fields");
        } else if (!HOST.matcher(hosts.getFirst()).matches()) {
            found.add("Host: " + hosts.getFirst());
        }
    }

    private static void length(List<String> lengths, List<String> found) {
        for (String length : lengths) {
            if (length.length() > 1 && length.startsWith("0")) {
                found.add("Content-Length: " + length);
            }
        }
    }

    private static void name(Field field, List<String> found) {
        String name = lower(field.name());
        if (HOP_BY_HOP.contains(name)) {
            found.add("hop-by-hop field " + field);
        }
        if (name.contains("_") && isInterpreted(name.replace('_', '-'))) {
            found.add("field that reads like another: " + field);
        }
    }

    /** Names that a proxy acts on or removes, so that a twin of theirs must not slip by. */
    private static boolean isInterpreted(String name) {
        return HOP_BY_HOP.contains(name)
                || name.equals("content-length")
                || name.equals("transfer-encoding")
                || name.equals("x-real-ip")
                || name.startsWith("x-forwarded-")
                || name.startsWith("x-weft-");
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
