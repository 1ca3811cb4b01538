// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.codec;

import io.weft.policy.document.Node;
import io.weft.policy.problem.Position;
import java.util.ArrayList;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Nodes as JSON: quoted scalars are strings, unquoted ones numbers. */
public final class NodeJson {

    private NodeJson() {}

    /** Writes one value. */
    public static void write(Node node, JsonGenerator json) {
        switch (node) {
            case Node.Scalar(_, String text, boolean quoted) -> {
                if (quoted) {
                    json.writeString(text);
                } else {
                    json.writeNumber(Long.parseLong(text));
                }
            }
            case Node.Sequence sequence -> {
                json.writeStartArray();
                sequence.items().forEach(item -> write(item, json));
                json.writeEndArray();
            }
            case Node.Mapping mapping -> {
                json.writeStartObject();
                for (Node.Entry entry : mapping.entries()) {
                    json.writeName(entry.key().text());
                    write(entry.value(), json);
                }
                json.writeEndObject();
            }
            case Node.Refused refused ->
                    throw new IllegalArgumentException(refused.at() + ": " + refused.why());
        }
    }

    /**
     * Reads the value at whose first token the parser stands, and leaves the parser at its last.
     *
     * @param origin what positions call the place the value came from
     */
    public static Node read(JsonParser json, String origin) {
        return read(json, Position.of(origin));
    }

    private static Node read(JsonParser json, Position at) {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_OBJECT) {
            var entries = new ArrayList<Node.Entry>();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                var key = new Node.Scalar(at, json.currentName(), true);
                json.nextToken();
                entries.add(new Node.Entry(key, read(json, at)));
            }
            return new Node.Mapping(at, entries);
        }
        if (token == JsonToken.START_ARRAY) {
            var items = new ArrayList<Node>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                items.add(read(json, at));
            }
            return new Node.Sequence(at, items);
        }
        return new Node.Scalar(at, json.getString(), token == JsonToken.VALUE_STRING);
    }
}
