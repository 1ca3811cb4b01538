// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import io.weft.policy.request.HeaderName;
import io.weft.policy.route.HeaderEdits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The policy's edits of header fields, written out once so that applying them only copies. */
public final class FieldEdits {

    public static final FieldEdits NONE = new FieldEdits(HeaderEdits.NONE);

    private final HeaderName[] overruled;
    private final List<HeaderEdits.Field> added;
    private final byte[] lines;
    private final HeaderName[] reserved;

    private FieldEdits(FieldEdits like, HeaderName[] reserved) {
        this.overruled = like.overruled;
        this.added = like.added;
        this.lines = like.lines;
        this.reserved = reserved;
    }

    private FieldEdits(HeaderEdits edits) {
        this.reserved = new HeaderName[0];
        this.overruled =
                Stream.concat(
                                edits.remove().stream(),
                                edits.set().stream().map(HeaderEdits.Field::name))
                        .toArray(HeaderName[]::new);
        this.added = Stream.concat(edits.set().stream(), edits.add().stream()).toList();
        var text = new StringBuilder();
        added.forEach(
                field ->
                        text.append(field.name())
                                .append(": ")
                                .append(field.value())
                                .append("\r\n"));
        this.lines = text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    public static FieldEdits of(HeaderEdits edits) {
        return edits.isEmpty() ? NONE : new FieldEdits(edits);
    }

    /**
     * The same, which also takes away what nobody but the proxy itself may say, under every name
     * that a server behind us may take for it.
     */
    public FieldEdits without(Set<HeaderName> names) {
        return names.isEmpty() ? this : new FieldEdits(this, names.toArray(HeaderName[]::new));
    }

    /** Whether a field is removed or replaced. */
    boolean overrule(FieldSection head, int field) {
        for (HeaderName name : overruled) {
            if (name.is(head.bytes(), head.nameStart(field), head.nameEnd(field))) {
                return true;
            }
        }
        for (HeaderName name : reserved) {
            if (isLike(name, head.bytes(), head.nameStart(field), head.nameEnd(field))) {
                return true;
            }
        }
        return false;
    }

    /** Servers behind us may take an underscore for a dash, as CGI does. */
    private static boolean isLike(HeaderName name, byte[] bytes, int start, int end) {
        byte[] expected = name.bytes();
        if (end - start != expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (dashed(HeaderName.tokenByte(bytes[start + i])) != dashed(expected[i])) {
                return false;
            }
        }
        return true;
    }

    private static byte dashed(byte b) {
        return b == '_' ? (byte) '-' : b;
    }

    /** Hands out the fields to add. */
    public void forEachAdded(FieldConsumer consumer) {
        for (HeaderEdits.Field field : added) {
            consumer.field(field.name().toString(), field.value());
        }
    }

    /** The fields to add, as whole lines. */
    byte[] lines() {
        return lines;
    }
}
