// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import io.weft.policy.token.ClaimPath;
import io.weft.policy.token.User;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which users a rule is about. */
public sealed interface RequiredUser {

    /** The rule says nothing about users. */
    record Unasked() implements RequiredUser {}

    /** Everybody, signed in or not: public is said, never implied. */
    record Anyone() implements RequiredUser {}

    /**
     * Users with a verified token of this policy.
     *
     * @param scopes all of which the user must have
     * @param roles one of which the user must have; empty for any user
     * @param claims all of which must hold
     */
    record Bearer(String token, List<String> scopes, List<String> roles, List<ClaimMatch> claims)
            implements RequiredUser {
        public Bearer {
            scopes = List.copyOf(scopes);
            roles = List.copyOf(roles);
            claims = List.copyOf(claims);
        }
    }

    /**
     * Clients with an API key.
     *
     * @param clients of whom it must be one; empty for any
     * @param scopes all of which the key must have
     * @param roles one of which the key must have; empty for any key
     */
    record ApiKey(List<String> clients, List<String> scopes, List<String> roles)
            implements RequiredUser {
        public ApiKey {
            clients = List.copyOf(clients);
            scopes = List.copyOf(scopes);
            roles = List.copyOf(roles);
        }
    }

    /** Whether the rule asks who the user is. */
    default boolean isKnown() {
        return this instanceof Bearer || this instanceof ApiKey;
    }

    /**
     * A claim that must have one of these values; a list has the values of its items.
     *
     * @param values texts, and numbers and truth values as they are written; at least one
     */
    record ClaimMatch(ClaimPath claim, List<String> values) {

        public ClaimMatch {
            values = List.copyOf(values);
            if (values.isEmpty()) {
                throw new IllegalArgumentException("claim " + claim + ": no value");
            }
        }

        boolean holdsFor(User user) {
            Object value = claim.in(user.claims());
            if (value instanceof List<?> items) {
                for (int i = 0; i < items.size(); i++) {
                    if (isOne(items.get(i))) {
                        return true;
                    }
                }
                return false;
            }
            return isOne(value);
        }

        private boolean isOne(@Nullable Object value) {
            return switch (value) {
                case String text -> values.contains(text);
                case Boolean flag -> values.contains(flag.toString());
                case Number number -> values.contains(number.toString());
                case null, default -> false;
            };
        }
    }
}
