// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.token;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a verified token or API key says about its user.
 *
 * @param subject {@code sub}, or the client of an API key; empty when the token has none
 * @param issuer {@code iss}
 * @param claims all of them: texts, {@link Long}s, {@link Double}s, {@link Boolean}s, and lists and
 *     maps of these. A claim that is null is not there
 * @param scopes the words of the claim that RFC 8693 §4.2 names, or else of {@code scp}
 * @param roles those of {@code roles}
 */
public record User(
        String subject,
        String issuer,
        Map<String, Object> claims,
        Set<String> scopes,
        Set<String> roles) {

    /** Takes a user from a token's claims. */
    public static User of(Map<String, ?> claims) {
        Map<String, Object> plain = plain(claims);
        Object scope = plain.get("scope");
        return new User(
                plain.get("sub") instanceof String text ? text : "",
                plain.get("iss") instanceof String text ? text : "",
                plain,
                words(scope == null ? plain.get("scp") : scope, true),
                words(plain.get("roles"), false));
    }

    /** The client of an API key. */
    public static User ofApiKey(String client, List<String> scopes, List<String> roles) {
        return new User(
                client,
                "",
                Map.of("sub", client),
                Collections.unmodifiableSet(new LinkedHashSet<>(scopes)),
                Collections.unmodifiableSet(new LinkedHashSet<>(roles)));
    }

    /** Names in a list, or in one text; where the text may hold several, a space divides them. */
    private static Set<String> words(@Nullable Object claim, boolean several) {
        var words = new LinkedHashSet<String>();
        switch (claim) {
            case String text when several -> Collections.addAll(words, text.split(" "));
            case String text -> words.add(text);
            case List<?> list ->
                    list.stream()
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .forEach(words::add);
            case null, default -> {}
        }
        words.remove("");
        return Collections.unmodifiableSet(words);
    }

    private static Map<String, Object> plain(Map<?, ?> claims) {
        var plain = new LinkedHashMap<String, Object>();
        claims.forEach(
                (name, value) -> {
                    Object kept = plain(value);
                    if (kept != null) {
                        plain.put(String.valueOf(name), kept);
                    }
                });
        return Collections.unmodifiableMap(plain);
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> map -> plain(map);
            case Collection<?> items -> {
                var plain = new ArrayList<Object>();
                for (Object item : items) {
                    Object kept = plain(item);
                    if (kept != null) {
                        plain.add(kept);
                    }
                }
                yield Collections.unmodifiableList(plain);
            }
            case Boolean flag -> flag;
            case Integer number -> number.longValue();
            case Long number -> number;
            case Number number -> number.doubleValue();
            default -> value.toString();
        };
    }
}
