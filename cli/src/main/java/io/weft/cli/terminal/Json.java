// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.terminal;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, text, numbers, truth values and null as JSON on one line. */
public final class Json {

    private Json() {}

    public static String of(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Boolean b -> b.toString();
            case Number n -> n.toString();
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(e -> quoted(String.valueOf(e.getKey())) + ":" + of(e.getValue()))
                            .collect(Collectors.joining(",", "{", "}"));
            case Collection<?> list ->
                    list.stream().map(Json::of).collect(Collectors.joining(",", "[", "]"));
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ') {
                        json.append("\\u%04x".formatted((int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"').toString();
    }
}
