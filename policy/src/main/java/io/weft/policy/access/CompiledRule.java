// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import io.weft.policy.access.RequiredUser.Bearer;
import io.weft.policy.access.RequiredUser.ClaimMatch;
import io.weft.policy.condition.Condition;
import io.weft.policy.condition.Condition.Outcome;
import io.weft.policy.request.Caller;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.RequestView;
import io.weft.policy.request.Sources;
import io.weft.policy.route.HeaderMatch;
import io.weft.policy.token.Credential;
import io.weft.policy.token.ForwardedClaim;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.TokenPolicy;
import io.weft.policy.token.User;
import io.weft.policy.token.Users;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A rule, ready to be asked. */
final class CompiledRule {

    private final AccessRule rule;
    private final Verdict verdict;
    private final byte[][] methods;
    private final List<PathPattern> paths;
    private final Header[] headers;
    private final Sources from;
    private final @Nullable Known user;
    private final @Nullable Condition when;
    private final Verdict.@Nullable SignIn withoutToken;

    /**
     * The users that a rule is about.
     *
     * @param clients of whom the user of an API key must be one; empty for any
     */
    private record Known(
            Credential credential,
            List<String> clients,
            List<String> scopes,
            List<String> roles,
            List<ClaimMatch> claims) {

        Criterion withoutCredential() {
            return credential instanceof TokenPolicy ? Criterion.TOKEN : Criterion.API_KEY;
        }
    }

    private CompiledRule(AccessRule rule, @Nullable Known user) {
        this.rule = rule;
        this.verdict =
                rule.effect() == Effect.ALLOW
                        ? new Verdict.Granted(rule.name(), user == null ? null : user.credential)
                        : new Verdict.Refused(rule.name());
        this.methods =
                rule.to().methods().stream()
                        .map(method -> method.getBytes(StandardCharsets.US_ASCII))
                        .toArray(byte[][]::new);
        this.paths = rule.to().paths();
        this.headers = rule.to().headers().stream().map(Header::of).toArray(Header[]::new);
        this.from = rule.from();
        this.user = user;
        this.when = rule.when();
        this.withoutToken =
                user == null
                        ? null
                        : new Verdict.SignIn(rule.name(), user.credential, TokenCheck.ABSENT);
    }

    static CompiledRule of(AccessRule rule, Map<String, TokenPolicy> tokens) {
        return switch (rule.user()) {
            case RequiredUser.Unasked _, RequiredUser.Anyone _ -> new CompiledRule(rule, null);
            case Bearer(var name, var scopes, var roles, var claims) -> {
                TokenPolicy token = tokens.get(name);
                if (token == null) {
                    throw new IllegalArgumentException(
                            rule.name() + " names the token " + name + ", which does not exist");
                }
                yield new CompiledRule(rule, new Known(token, List.of(), scopes, roles, claims));
            }
            case RequiredUser.ApiKey(var clients, var scopes, var roles) ->
                    new CompiledRule(
                            rule,
                            new Known(
                                    Credential.ApiKey.API_KEY, clients, scopes, roles, List.of()));
        };
    }

    AccessRule rule() {
        return rule;
    }

    /** What the rule says when it applies. */
    Verdict verdict() {
        return verdict;
    }

    boolean decides(Effect effect) {
        return rule.mode() == Mode.ENFORCE && rule.effect() == effect;
    }

    /** The headers by which the rule's users are shown to services. */
    Stream<HeaderName> identityHeaders() {
        return user != null && user.credential instanceof TokenPolicy token
                ? token.forward().stream().map(ForwardedClaim::header)
                : Stream.empty();
    }

    /** What the rule says when a {@linkplain Criterion#isCredential credential} is all it lacks. */
    Verdict signIn(Users users) {
        if (user == null || withoutToken == null) {
            throw new IllegalStateException(rule.name() + " asks for no user");
        }
        TokenCheck check = users.user(user.credential);
        return check instanceof TokenCheck.Invalid
                ? new Verdict.SignIn(rule.name(), user.credential, check)
                : withoutToken;
    }

    /** The first criterion that does not hold; null when the rule applies. */
    @Nullable Criterion unmet(Caller caller, RequestView request, Users users) {
        Criterion unmet = unmetBy(request);
        if (unmet == null) {
            unmet = unmetBy(caller);
        }
        // Whoever lacks a token is told so only when the token is all that is missing.
        if (unmet == null && when != null && !when.asksUser()) {
            unmet = unmetBy(when, request, caller, null);
        }
        return unmet == null && user != null
                ? unmetBy(users.user(user.credential), user, request, caller)
                : unmet;
    }

    private @Nullable Criterion unmetBy(RequestView request) {
        if (!hasMethod(request)) {
            return Criterion.METHOD;
        }
        if (!hasPath(request)) {
            return Criterion.PATH;
        }
        return hasHeaders(request) ? null : Criterion.HEADERS;
    }

    private @Nullable Criterion unmetBy(Caller caller) {
        if (!from.includeWorkload(caller)) {
            return Criterion.WORKLOAD;
        }
        if (!from.includeNamespace(caller)) {
            return Criterion.NAMESPACE;
        }
        return from.includeNetwork(caller) ? null : Criterion.NETWORK;
    }

    private @Nullable Criterion unmetBy(
            TokenCheck check, Known asked, RequestView request, Caller caller) {
        if (!(check instanceof TokenCheck.Verified(User shown))) {
            return asked.withoutCredential();
        }
        if (!asked.clients.isEmpty() && !asked.clients.contains(shown.subject())) {
            return Criterion.CLIENT;
        }
        if (!shown.scopes().containsAll(asked.scopes)) {
            return Criterion.SCOPES;
        }
        if (!asked.roles.isEmpty() && Collections.disjoint(asked.roles, shown.roles())) {
            return Criterion.ROLES;
        }
        for (ClaimMatch claim : asked.claims) {
            if (!claim.holdsFor(shown)) {
                return Criterion.CLAIMS;
            }
        }
        return when != null && when.asksUser() ? unmetBy(when, request, caller, shown) : null;
    }

    /** What cannot be evaluated does not allow, and denies. */
    private @Nullable Criterion unmetBy(
            Condition when, RequestView request, Caller caller, @Nullable User user) {
        Outcome needed = rule.effect() == Effect.ALLOW ? Outcome.TRUE : Outcome.ERROR;
        Outcome outcome = when.evaluate(request, caller, user);
        return outcome == Outcome.TRUE || outcome == needed ? null : Criterion.CONDITION;
    }

    private boolean hasMethod(RequestView request) {
        if (methods.length == 0) {
            return true;
        }
        for (byte[] method : methods) {
            if (Arrays.equals(
                    method,
                    0,
                    method.length,
                    request.bytes(),
                    request.methodStart(),
                    request.methodEnd())) {
                return true;
            }
        }
        return false;
    }

    private boolean hasPath(RequestView request) {
        if (paths.isEmpty()) {
            return true;
        }
        for (int i = 0; i < paths.size(); i++) {
            if (paths.get(i).covers(request.bytes(), request.pathStart(), request.pathEnd())) {
                return true;
            }
        }
        return false;
    }

    private boolean hasHeaders(RequestView request) {
        for (Header header : headers) {
            boolean there =
                    rule.effect() == Effect.ALLOW ? header.isOnly(request) : header.isIn(request);
            if (!there) {
                return false;
            }
        }
        return true;
    }

    /**
     * A field that must be there. With two of that name, readers could disagree about which counts:
     * such a request is not allowed for one of them, and is denied for one of them.
     */
    private record Header(HeaderName name, byte[] value) {

        static Header of(HeaderMatch match) {
            return new Header(match.name(), match.value().getBytes(StandardCharsets.US_ASCII));
        }

        boolean isOnly(RequestView request) {
            int field = request.header(name, 0);
            return field >= 0 && request.header(name, field + 1) < 0 && hasValue(request, field);
        }

        boolean isIn(RequestView request) {
            int field = request.header(name, 0);
            while (field >= 0 && !hasValue(request, field)) {
                field = request.header(name, field + 1);
            }
            return field >= 0;
        }

        private boolean hasValue(RequestView request, int field) {
            return Arrays.equals(
                    value,
                    0,
                    value.length,
                    request.bytes(),
                    request.valueStart(field),
                    request.valueEnd(field));
        }
    }
}
