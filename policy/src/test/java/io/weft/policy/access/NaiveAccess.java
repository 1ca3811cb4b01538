// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import io.weft.policy.access.RequiredUser.ApiKey;
import io.weft.policy.access.RequiredUser.Bearer;
import io.weft.policy.access.RequiredUser.ClaimMatch;
import io.weft.policy.identity.ServiceName;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the documentation says about access rules, taken literally and one sentence at a time. It
 * shares nothing with what decides in the proxies but the rules themselves.
 */
final class NaiveAccess {

    /** A request in plain words. */
    record Question(
            ServiceName to,
            @Nullable ServiceName workload,
            String address,
            String method,
            String path,
            List<Map.Entry<String, String>> headers,
            Map<String, Token> tokens) {

        List<String> values(String header) {
            return headers.stream()
                    .filter(each -> each.getKey().equals(header))
                    .map(Map.Entry::getValue)
                    .toList();
        }
    }

    /** A token of one kind: absent when null, refused when it has no claims. */
    record Token(@Nullable Map<String, Object> claims) {}

    /** What stands for the request's API key among its tokens. */
    static final String API_KEY = "API key";

    private final List<AccessRule> rules;

    NaiveAccess(List<AccessRule> rules) {
        this.rules = rules;
    }

    /** {@code granted by x}, {@code refused by x} or {@code sign in for x}. */
    String decide(Question question) {
        for (AccessRule rule : enforced(Effect.DENY)) {
            if (holds(rule, question)) {
                return "refused by " + rule.name();
            }
        }
        for (AccessRule rule : enforced(Effect.ALLOW)) {
            if (holds(rule, question)) {
                return "granted by " + rule.name();
            }
        }
        for (AccessRule rule : enforced(Effect.ALLOW)) {
            if (lacksOnlyTheToken(rule, question)) {
                return "sign in for " + rule.name();
            }
        }
        return "refused by default-deny";
    }

    List<String> shadows(Question question) {
        return rules.stream()
                .filter(rule -> rule.mode() == Mode.SHADOW && holds(rule, question))
                .map(AccessRule::name)
                .toList();
    }

    private List<AccessRule> enforced(Effect effect) {
        return rules.stream()
                .filter(rule -> rule.mode() == Mode.ENFORCE && rule.effect() == effect)
                .toList();
    }

    private static boolean holds(AccessRule rule, Question question) {
        return holdsBesidesTheUser(rule, question)
                && holdsForTheUser(rule, question)
                && conditionHolds(rule, question);
    }

    private static boolean lacksOnlyTheToken(AccessRule rule, Question question) {
        return rule.user().isKnown()
                && claims(rule.user(), question) == null
                && holdsBesidesTheUser(rule, question)
                && (rule.when() == null
                        || rule.when().text().contains("user.")
                        || conditionHolds(rule, question));
    }

    private static boolean holdsBesidesTheUser(AccessRule rule, Question question) {
        boolean service = rule.to().services().contains(question.to());
        boolean method =
                rule.to().methods().isEmpty() || rule.to().methods().contains(question.method());
        boolean path =
                rule.to().paths().isEmpty()
                        || rule.to().paths().stream()
                                .anyMatch(pattern -> question.path().matches(regex(pattern)));
        boolean headers =
                rule.to().headers().stream()
                        .allMatch(
                                wanted -> {
                                    List<String> values = question.values(wanted.name().toString());
                                    return rule.effect() == Effect.DENY
                                            ? values.contains(wanted.value())
                                            : values.equals(List.of(wanted.value()));
                                });
        ServiceName caller = question.workload();
        boolean workload =
                rule.from().workloads().isEmpty()
                        || caller != null && rule.from().workloads().contains(caller);
        boolean namespace =
                rule.from().namespaces().isEmpty()
                        || caller != null && rule.from().namespaces().contains(caller.namespace());
        boolean network =
                rule.from().networks().isEmpty()
                        || rule.from().networks().stream()
                                .anyMatch(each -> isIn(question.address(), each.toString()));
        return service && method && path && headers && workload && namespace && network;
    }

    private static String regex(PathPattern pattern) {
        return pattern.toString().replace("/**", "(/.{0,99})?").replace("/*", "/[^/]+");
    }

    private static boolean isIn(String address, String network) {
        byte[] bytes = bytes(address);
        byte[] prefix = bytes(network.substring(0, network.indexOf('/')));
        int rest =
                prefix.length * 8 - Integer.parseInt(network.substring(network.indexOf('/') + 1));
        return bytes.length == prefix.length
                && new BigInteger(1, bytes)
                        .shiftRight(rest)
                        .equals(new BigInteger(1, prefix).shiftRight(rest));
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static @Nullable Map<String, Object> claims(RequiredUser user, Question question) {
        Token token =
                question.tokens().get(user instanceof Bearer bearer ? bearer.token() : API_KEY);
        return token == null ? null : token.claims();
    }

    private static boolean holdsForTheUser(AccessRule rule, Question question) {
        if (!rule.user().isKnown()) {
            return true;
        }
        Map<String, Object> claims = claims(rule.user(), question);
        if (claims == null) {
            return false;
        }
        List<String> scopes =
                List.of(String.valueOf(claims.getOrDefault("scope", "")).split(" ", -1));
        List<String> roles = texts(claims.get("roles"));
        if (rule.user() instanceof ApiKey(var clients, var needed, var oneOf)) {
            return (clients.isEmpty() || clients.contains(claims.get("sub")))
                    && scopes.containsAll(needed)
                    && (oneOf.isEmpty() || oneOf.stream().anyMatch(roles::contains));
        }
        var bearer = (Bearer) rule.user();
        return scopes.containsAll(bearer.scopes())
                && (bearer.roles().isEmpty() || bearer.roles().stream().anyMatch(roles::contains))
                && bearer.claims().stream().allMatch(each -> claimHolds(each, claims));
    }

    private static boolean claimHolds(ClaimMatch match, Map<String, Object> claims) {
        String path = match.claim().text();
        Object value = claims.get(path);
        if (value == null) {
            value = claims;
            for (String name : path.split("\\.", -1)) {
                value = value instanceof Map<?, ?> map ? map.get(name) : null;
            }
        }
        return texts(value).stream().anyMatch(match.values()::contains);
    }

    private static List<String> texts(@Nullable Object value) {
        var texts = new ArrayList<String>();
        if (value instanceof List<?> list) {
            list.stream()
                    .filter(each -> !(each instanceof Map))
                    .map(String::valueOf)
                    .forEach(texts::add);
        } else if (value != null && !(value instanceof Map)) {
            texts.add(value.toString());
        }
        return texts;
    }

    /** The few conditions of the generated rules, by hand. */
    private static boolean conditionHolds(AccessRule rule, Question question) {
        if (rule.when() == null) {
            return true;
        }
        Boolean said =
                switch (rule.when().text()) {
                    case "request.method != 'GET'" -> !question.method().equals("GET");
                    case "request.headers['x-a'] == '1'" ->
                            question.values("x-a").isEmpty()
                                    ? null
                                    : question.values("x-a").equals(List.of("1"));
                    case "user.claims['tenant'] == 'read'" -> {
                        Object tenant = claim(rule, question, "tenant");
                        yield tenant == null ? null : tenant.equals("read");
                    }
                    case "source.namespace == 'shop' || user.subject == '7'" ->
                            question.workload() != null
                                            && question.workload().namespace().equals("shop")
                                    || Objects.equals("7", claim(rule, question, "sub"));
                    default -> throw new AssertionError(rule.when());
                };
        return said == null ? rule.effect() == Effect.DENY : said;
    }

    private static @Nullable Object claim(AccessRule rule, Question question, String name) {
        Map<String, Object> claims = claims(rule.user(), question);
        return claims == null ? null : claims.get(name);
    }
}
