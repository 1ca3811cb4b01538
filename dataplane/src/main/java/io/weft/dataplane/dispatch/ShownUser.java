// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.weft.policy.token.Credential;
import io.weft.policy.token.ForwardedClaim;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.TokenPolicy;
import io.weft.policy.token.User;
import io.weft.policy.token.Users;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What services get to see of a user, as header lines. A value comes from outside, so it is written
 * such that it ends where it ends, for a reader of lines, of lists and of parameters alike.
 */
final class ShownUser {

    private static final int LONGEST = 2_000;
    private static final String DIVIDING = "%,;\"\\";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private ShownUser() {}

    /** Whole lines; none when there is nothing to show. */
    static byte[] lines(Credential credential, Users users) {
        boolean shows = !(credential instanceof TokenPolicy token) || !token.forward().isEmpty();
        if (!shows || !(users.user(credential) instanceof TokenCheck.Verified(User user))) {
            return new byte[0];
        }
        var lines = new StringBuilder();
        switch (credential) {
            case Credential.ApiKey _ -> line(lines, "x-weft-client", user.subject());
            case TokenPolicy token -> {
                for (ForwardedClaim each : token.forward()) {
                    String value = text(each.claim().in(user.claims()));
                    if (value != null && value.length() <= LONGEST) {
                        line(lines, each.header().toString(), value);
                    }
                }
            }
        }
        return lines.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void line(StringBuilder lines, String name, String value) {
        lines.append(name).append(": ").append(value).append("\r\n");
    }

    /** Null for what cannot be shown. */
    private static @Nullable String text(@Nullable Object value) {
        if (!(value instanceof List<?> items)) {
            return one(value);
        }
        var text = new StringBuilder();
        for (Object item : items) {
            String one = one(item);
            if (one == null || text.length() > LONGEST) {
                return null;
            }
            text.append(text.isEmpty() ? "" : ",").append(one);
        }
        return text.toString();
    }

    private static @Nullable String one(@Nullable Object value) {
        return switch (value) {
            case String text -> text.length() > LONGEST ? null : encoded(text);
            case Boolean flag -> flag.toString();
            case Number number -> number.toString();
            case null, default -> null;
        };
    }

    private static String encoded(String text) {
        var encoded = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            if (each > ' ' && each < 0x7f && DIVIDING.indexOf(each) < 0) {
                encoded.append((char) each);
            } else {
                encoded.append('%').append(HEX.toHexDigits(each));
            }
        }
        return encoded.toString();
    }
}
