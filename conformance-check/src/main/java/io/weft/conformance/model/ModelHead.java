// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.model;

import io.weft.conformance.raw.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A message head, read with every byte looked at. */
final class ModelHead {

    private static final Set<String> HOP_BY_HOP =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "te",
                    "trailer",
                    "upgrade",
                    "http2-settings");
    private static final Set<String> CLAIMS =
            Set.of(
                    "forwarded",
                    "x-real-ip",
                    "true-client-ip",
                    "x-client-ip",
                    "x-cluster-client-ip",
                    "x-original-url",
                    "x-rewrite-url");
    private static final Set<String> FRAMING =
            Set.of("content-length", "transfer-encoding", "host", "expect");
    private static final Set<String> NEVER_NOMINATED =
            Set.of(
                    "host",
                    "content-length",
                    "transfer-encoding",
                    "authorization",
                    "cookie",
                    "via",
                    "expect");

    final String startLine;
    final List<Field> fields;

    private ModelHead(String startLine, List<Field> fields) {
        this.startLine = startLine;
        this.fields = fields;
    }

    /** Reads a head; null if the connection ended before it. */
    static @Nullable ModelHead read(Inbox in, Pattern start, int maxBytes, int maxFields)
            throws IOException, Refusal {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        Lines lines = new Lines(in, maxBytes);
        String startLine = lines.next(first);
        if (!start.matcher(startLine).matches()) {
            throw Refusal.ending(400, "bad-start-line");
        }
        return new ModelHead(startLine, fields(lines, maxFields));
    }

    static List<Field> trailers(Inbox in) throws IOException, Refusal {
        return fields(new Lines(in, 16 * 1024), 100);
    }

    private static List<Field> fields(Lines lines, int max) throws IOException, Refusal {
        List<Field> fields = new ArrayList<>();
        for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
            if (fields.size() == max) {
                throw Refusal.ending(431, "too-many-fields");
            }
            fields.add(field(line));
        }
        return fields;
    }

    private static Field field(String line) throws Refusal {
        int colon = line.indexOf(':');
        if (colon < 1 || !isToken(line.substring(0, colon))) {
            throw Refusal.ending(400, "bad-field-name");
        }
        String name = line.substring(0, colon);
        String value = line.substring(colon + 1).replaceAll("^[ \t]+|[ \t]+$", "");
        String dashed = name.toLowerCase(Locale.ROOT).replace('_', '-');
        if (name.contains("_")
                && (isOfOneHop(dashed) || isClaim(dashed) || FRAMING.contains(dashed))) {
            throw Refusal.ending(400, "ambiguous-field-name");
        }
        return new Field(name, value);
    }

    List<String> all(String name) {
        return fields.stream()
                .filter(f -> f.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    /** The options of all Connection fields, in lower case. */
    List<String> connectionOptions() throws Refusal {
        List<String> options = new ArrayList<>();
        for (String value : all("Connection")) {
            for (String option : value.toLowerCase(Locale.ROOT).split(",", -1)) {
                String name = option.strip();
                if (NEVER_NOMINATED.contains(name) || (!name.isEmpty() && !isToken(name))) {
                    throw Refusal.ending(400, "bad-connection-option");
                }
                options.add(name);
            }
        }
        return options;
    }

    /** The length that the head declares: -1 for chunked, -2 for none. */
    long length(boolean http10, boolean firstWins) throws Refusal {
        List<String> codings = all("Transfer-Encoding");
        List<String> lengths = all("Content-Length");
        if (!codings.isEmpty()) {
            if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
                throw Refusal.ending(400, "bad-transfer-coding");
            }
            if (!lengths.isEmpty() || http10) {
                throw Refusal.ending(400, "ambiguous-length");
            }
            return -1;
        }
        if (lengths.isEmpty()) {
            return -2;
        }
        if ((!firstWins && lengths.size() > 1)
                || !lengths.getFirst().matches("0|[1-9][0-9]{0,17}")) {
            throw Refusal.ending(400, "bad-length");
        }
        return Long.parseLong(lengths.getFirst());
    }

    static boolean isOfOneHop(String lowerName) {
        return HOP_BY_HOP.contains(lowerName);
    }

    static boolean isClaim(String lowerName) {
        return CLAIMS.contains(lowerName)
                || lowerName.startsWith("x-forwarded-")
                || lowerName.startsWith("x-weft-");
    }

    static boolean isToken(String text) {
        return text.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    }

    private static final class Lines {

        private final Inbox in;
        private int left;

        Lines(Inbox in, int maxBytes) {
            this.in = in;
            this.left = maxBytes;
        }

        String next() throws IOException, Refusal {
            return next(in.read());
        }

        String next(int first) throws IOException, Refusal {
            StringBuilder line = new StringBuilder();
            for (int b = first; b != '\r'; b = in.read()) {
                if (b < 0) {
                    throw Refusal.ending(400, "unexpected-end");
                }
                if ((b < 0x20 && b != '\t') || b == 0x7f) {
                    throw Refusal.ending(400, "control-character");
                }
                if (--left < 0) {
                    throw Refusal.ending(431, "head-too-large");
                }
                line.append((char) b);
            }
            if (in.read() != '\n') {
                throw Refusal.ending(400, "bad-line-end");
            }
            return line.toString();
        }
    }
}
