// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import io.weft.policy.access.RequiredUser.Bearer;
import io.weft.policy.access.RequiredUser.ClaimMatch;
import io.weft.policy.condition.Condition;
import io.weft.policy.condition.Condition.Outcome;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Caller;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.RequestView;
import io.weft.policy.route.HeaderMatch;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.TokenPolicy;
import io.weft.policy.token.User;
import io.weft.policy.token.Users;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A rule, ready to be asked. */
final class CompiledRule {

    private final AccessRule rule;
    private final Verdict verdict;
    private final byte[][] methods;
    private final List<PathPattern> paths;
    private final Header[] headers;
    private final Sources from;
    private final @Nullable Bearer bearer;
    private final @Nullable TokenPolicy token;
    private final @Nullable Condition when;
    private final Verdict.@Nullable SignIn withoutToken;

    private CompiledRule(AccessRule rule, @Nullable Bearer bearer, @Nullable TokenPolicy token) {
        this.rule = rule;
        this.verdict =
                rule.effect() == Effect.ALLOW
                        ? new Verdict.Granted(rule.name(), token)
                        : new Verdict.Refused(rule.name());
        this.methods =
                rule.to().methods().stream()
                        .map(method -> method.getBytes(StandardCharsets.US_ASCII))
                        .toArray(byte[][]::new);
        this.paths = rule.to().paths();
        this.headers = rule.to().headers().stream().map(Header::of).toArray(Header[]::new);
        this.from = rule.from();
        this.bearer = bearer;
        this.token = token;
        this.when = rule.when();
        this.withoutToken =
                token == null ? null : new Verdict.SignIn(rule.name(), token, TokenCheck.ABSENT);
    }

    static CompiledRule of(AccessRule rule, Map<String, TokenPolicy> tokens) {
        if (!(rule.user() instanceof Bearer bearer)) {
            return new CompiledRule(rule, null, null);
        }
        TokenPolicy token = tokens.get(bearer.token());
        if (token == null) {
            throw new IllegalArgumentException(
                    rule.name() + " names the token " + bearer.token() + ", which does not exist");
        }
        return new CompiledRule(rule, bearer, token);
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

    /** What the rule says when nothing but {@link Criterion#TOKEN} is unmet. */
    Verdict signIn(Users users) {
        if (token == null || withoutToken == null) {
            throw new IllegalStateException(rule.name() + " asks for no token");
        }
        TokenCheck check = users.user(token);
        return check instanceof TokenCheck.Invalid
                ? new Verdict.SignIn(rule.name(), token, check)
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
        return unmet == null && bearer != null && token != null
                ? unmetBy(users.user(token), bearer, request, caller)
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
        ServiceName workload = caller.workload().orElse(null);
        if (!from.workloads().isEmpty()
                && (workload == null || !from.workloads().contains(workload))) {
            return Criterion.WORKLOAD;
        }
        if (!from.namespaces().isEmpty()
                && (workload == null || !from.namespaces().contains(workload.namespace()))) {
            return Criterion.NAMESPACE;
        }
        return from.networks().isEmpty() || isInNetwork(caller) ? null : Criterion.NETWORK;
    }

    private @Nullable Criterion unmetBy(
            TokenCheck check, Bearer bearer, RequestView request, Caller caller) {
        if (!(check instanceof TokenCheck.Verified(User user))) {
            return Criterion.TOKEN;
        }
        if (!user.scopes().containsAll(bearer.scopes())) {
            return Criterion.SCOPES;
        }
        if (!bearer.roles().isEmpty() && Collections.disjoint(bearer.roles(), user.roles())) {
            return Criterion.ROLES;
        }
        for (ClaimMatch claim : bearer.claims()) {
            if (!claim.holdsFor(user)) {
                return Criterion.CLAIMS;
            }
        }
        return when != null && when.asksUser() ? unmetBy(when, request, caller, user) : null;
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

    private boolean isInNetwork(Caller caller) {
        for (int i = 0; i < from.networks().size(); i++) {
            if (caller.isIn(from.networks().get(i))) {
                return true;
            }
        }
        return false;
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
