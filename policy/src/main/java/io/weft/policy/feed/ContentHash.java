// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.feed;

import io.weft.policy.codec.NodeJson;
import io.weft.policy.object.PolicyObjects;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The hash by which two policies with the same content are recognised, whatever files said it. */
public final class ContentHash {

    private static final int DIGITS = 16;

    private ContentHash() {}

    /** The first 16 hexadecimal digits of the SHA-256 of the canonical JSON. */
    public static String of(PolicyObjects objects) {
        var text = new StringWriter();
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartArray();
            json.writeString(objects.trustDomain().name());
            objects.byKey()
                    .forEach(
                            (key, object) -> {
                                json.writeString(key.toString());
                                NodeJson.write(WireObject.of(object).value(), json);
                            });
            json.writeEndArray();
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
