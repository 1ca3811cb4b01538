// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.request.HeaderName;
import io.weft.policy.route.HeaderEdits;
import java.util.List;
import java.util.Set;

/** Reads edits of header fields, and refuses those of fields that belong to the proxies. */
final class HeaderEditsReader {

    /** Fields that frame a message or belong to one connection; proxies write these themselves. */
    private static final Set<String> OURS =
            Set.of(
                    "connection",
                    "content-length",
                    "expect",
                    "forwarded",
                    "host",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "via");

    /** What clients say for themselves, and what describes their messages. */
    private static final Set<String> OF_CLIENTS =
            Set.of(
                    "authorization",
                    "content-encoding",
                    "content-type",
                    "cookie",
                    "date",
                    "origin",
                    "proxy-authorization",
                    "referer",
                    "set-cookie",
                    "traceparent",
                    "tracestate",
                    "x-api-key");

    private HeaderEditsReader() {}

    static HeaderEdits edits(Value value) {
        Fields fields = value.fields();
        var set = fields.optional("set", HeaderEditsReader::writes);
        var add = fields.optional("add", HeaderEditsReader::writes);
        var remove = fields.optional("remove", each -> each.list(HeaderEditsReader::name));
        fields.done();
        return new HeaderEdits(set.or(List.of()), add.or(List.of()), remove.or(List.of()));
    }

    /** The header of an answer that no service gives. */
    static List<HeaderEdits.Field> answer(Value value) {
        return writes(value);
    }

    private static List<HeaderEdits.Field> writes(Value value) {
        return value.mapByMeaning(HeaderEditsReader::field, HeaderEdits.Field::name);
    }

    private static HeaderEdits.Field field(Value.Named entry) {
        return entry.read(
                HeaderEditsReader::name,
                value -> {
                    String text = fieldValue(value);
                    return name -> new HeaderEdits.Field(name, text);
                });
    }

    static HeaderName name(Value value) {
        HeaderName name = value.parsed(HeaderName::of, HeaderName.SYNTAX);
        String text = name.toString();
        if (OURS.contains(text) || text.startsWith("x-weft-") || text.startsWith("x-forwarded-")) {
            throw value.refuse("header that the proxies write themselves", "another header");
        }
        return name;
    }

    /** A header that is to say who somebody is. */
    static HeaderName identity(Value value) {
        HeaderName name = name(value);
        if (OF_CLIENTS.contains(name.toString())) {
            throw value.refuse("header that means something else", "another header");
        }
        return name;
    }

    /** Visible characters with inner spaces and tabs (RFC 9110 §5.5), ASCII only. */
    static String fieldValue(Value value) {
        return value.parsed(
                text -> {
                    boolean visible = text.chars().allMatch(c -> c >= ' ' && c < 127 || c == '\t');
                    if (!visible || !text.equals(text.strip())) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                },
                "a header value: visible ASCII characters, no space at either end");
    }
}
