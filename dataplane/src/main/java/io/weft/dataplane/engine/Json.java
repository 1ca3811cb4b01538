// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.engine;

import java.util.List;

/** A small JSON object in the making, for what a proxy tells about itself. */
public final class Json {

    public static final String TYPE = "application/json";

    private final StringBuilder text = new StringBuilder("{");

    private Json() {}

    public static Json object() {
        return new Json();
    }

    public Json put(String name, String value) {
        key(name);
        string(value);
        return this;
    }

    public Json put(String name, boolean value) {
        key(name);
        text.append(value);
        return this;
    }

    public Json put(String name, long value) {
        key(name);
        text.append(value);
        return this;
    }

    public Json put(String name, Json value) {
        key(name);
        text.append(value.text).append('}');
        return this;
    }

    public Json put(String name, List<String> values) {
        key(name);
        text.append('[');
        for (int i = 0; i < values.size(); i++) {
            text.append(i == 0 ? "" : ",");
            string(values.get(i));
        }
        text.append(']');
        return this;
    }

    public Json putAll(String name, List<Json> values) {
        key(name);
        text.append('[');
        for (int i = 0; i < values.size(); i++) {
            text.append(i == 0 ? "" : ",").append(values.get(i).text).append('}');
        }
        text.append(']');
        return this;
    }

    /** The whole object, with a line end for those who read it in a terminal. */
    public String end() {
        return text + "}\n";
    }

    private void key(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        string(name);
        text.append(':');
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < 0x20) {
                text.append("\\u%04x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
