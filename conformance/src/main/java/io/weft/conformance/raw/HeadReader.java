// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads message heads by RFC 9112 without any of the leniency it permits. */
final class HeadReader {

    private final WireReader in;

    HeadReader(WireReader in) {
        this.in = in;
    }

    RequestHead request() throws IOException {
        String[] parts = startLine("in request line").split(" ", -1);
        if (parts.length != 3
                || !Wire.isToken(parts[0])
                || !Wire.isVisible(parts[1])
                || !isVersion(parts[2])) {
            throw new MalformedMessage("request line: " + String.join(" ", parts));
        }
        return new RequestHead(parts[0], parts[1], parts[2], fields("in header"));
    }

    ResponseHead response() throws IOException {
        String line = startLine("in status line");
        String[] parts = line.split(" ", 3);
        if (parts.length != 3
                || !isVersion(parts[0])
                || parts[1].length() != 3
                || !Wire.isDigits(parts[1])) {
            throw new MalformedMessage("status line: " + line);
        }
        return new ResponseHead(
                parts[0], Integer.parseInt(parts[1]), parts[2], fields("in header"));
    }

    /** Header or trailer lines up to and including the empty one. */
    Fields fields(String where) throws IOException {
        List<Field> fields = new ArrayList<>();
        String line = in.line(where);
        while (!line.isEmpty()) {
            fields.add(field(line));
            line = in.line(where);
        }
        return new Fields(fields);
    }

    private String startLine(String where) throws IOException {
        in.startMessage();
        int first = in.read();
        if (first < 0) {
            throw new NoMessage(in.ending());
        }
        return in.line(first, where);
    }

    private static Field field(String line) throws MalformedMessage {
        int colon = line.indexOf(':');
        String name = colon < 0 ? line : line.substring(0, colon);
        if (colon < 0 || !Wire.isToken(name)) {
            throw new MalformedMessage("field line: " + Wire.shown(Wire.bytes(line)));
        }
        String value = line.substring(colon + 1);
        if (!value.chars().allMatch(c -> (c >= 0x20 && c != 0x7f) || c == '\t')) {
            throw new MalformedMessage("field value: " + Wire.shown(Wire.bytes(line)));
        }
        return new Field(name, trimmed(value));
    }

    /** Without the optional whitespace of RFC 9110 §5.6.3, which is not all that Java trims. */
    private static String trimmed(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && isBlank(value.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isVersion(String text) {
        return text.equals("HTTP/1.1") || text.equals("HTTP/1.0");
    }
}
