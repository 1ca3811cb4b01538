// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A chunked body read by the grammar of RFC 9112 §7.1 as it is printed there. */
record PlainChunks(String data, String left) {

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String QUOTED =
            "\"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*\"";
    private static final Pattern SIZE_LINE =
            Pattern.compile(
                    "([0-9A-Fa-f]{1,15})(?:;%s(?:=(?:%s|%s))?)*\r\n"
                            .formatted(TOKEN, TOKEN, QUOTED));
    private static final Pattern TRAILERS =
            Pattern.compile("(?:%s:[\\t\\x20-\\x7e\\x80-\\xff]*\r\n)*\r\n".formatted(TOKEN));

    /** What stands there, or null when it is not a whole chunked body. */
    static @Nullable PlainChunks read(String text) {
        var data = new StringBuilder();
        int at = 0;
        while (true) {
            Matcher line = SIZE_LINE.matcher(text).region(at, text.length());
            if (!line.lookingAt()) {
                return null;
            }
            long size = Long.parseLong(line.group(1), 16);
            at = line.end();
            if (size == 0) {
                Matcher trailers = TRAILERS.matcher(text).region(at, text.length());
                return trailers.lookingAt()
                        ? new PlainChunks(data.toString(), text.substring(trailers.end()))
                        : null;
            }
            if (size > text.length() - at || !text.startsWith("\r\n", at + (int) size)) {
                return null;
            }
            data.append(text, at, at + (int) size);
            at += (int) size + 2;
        }
    }
}
