// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.util.stream.Collectors;

/** A recorded request as JSON. */
final class Echo {

    private Echo() {}

    static String json(RecordedRequest request) {
        String fields =
                request.head().fields().lines().stream()
                        .map(field -> quoted(field.toString()))
                        .collect(Collectors.joining(","));
        return "{\"method\":%s,\"target\":%s,\"fields\":[%s],\"body\":%s}"
                .formatted(
                        quoted(request.method()),
                        quoted(request.target()),
                        fields,
                        quoted(Wire.text(request.body())));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars()
                .forEach(
                        c -> {
                            if (c == '"' || c == '\\' || c < 0x20 || c >= 0x7f) {
                                quoted.append(String.format("\\u%04x", c));
                            } else {
                                quoted.append((char) c);
                            }
                        });
        return quoted.append('"').toString();
    }
}
