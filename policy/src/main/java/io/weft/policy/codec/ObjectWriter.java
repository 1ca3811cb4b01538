// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.codec;

import io.weft.policy.access.AccessRule;
import io.weft.policy.access.Mode;
import io.weft.policy.access.RequiredUser;
import io.weft.policy.document.Node;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.object.PolicyObject.OfAccess;
import io.weft.policy.object.PolicyObject.OfRoute;
import io.weft.policy.object.PolicyObject.OfService;
import io.weft.policy.object.PolicyObject.OfToken;
import io.weft.policy.request.Sources;
import io.weft.policy.route.Action;
import io.weft.policy.route.CookieMatch;
import io.weft.policy.route.Cors;
import io.weft.policy.route.Fault;
import io.weft.policy.route.HeaderEdits;
import io.weft.policy.route.HeaderMatch;
import io.weft.policy.route.Match;
import io.weft.policy.route.PathChange;
import io.weft.policy.route.PathMatch;
import io.weft.policy.route.Rewrite;
import io.weft.policy.route.Route;
import io.weft.policy.route.Rule;
import io.weft.policy.route.Sticky;
import io.weft.policy.route.Timeouts;
import io.weft.policy.route.WeightedDestination;
import io.weft.policy.service.MutualTls;
import io.weft.policy.service.Service;
import io.weft.policy.token.TokenPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes objects as the nodes from which {@code ObjectReader} reads them. An object has one such
 * form: what its owner could have written in another way, or left out, does not show.
 */
public final class ObjectWriter {

    private ObjectWriter() {}

    public static Node write(PolicyObject object) {
        return switch (object) {
            case OfService(Service service) -> service(service);
            case OfRoute(Route route) -> route(route);
            case OfToken(TokenPolicy token) -> token(token);
            case OfAccess(AccessRule rule) -> access(rule);
        };
    }

    private static Node service(Service service) {
        var map = new NodeBuilder().put("protocol", lower(service.protocol()));
        var versions = new NodeBuilder();
        service.versions()
                .forEach(
                        (version, labels) -> {
                            var written = new NodeBuilder();
                            labels.entrySet().stream()
                                    .sorted(Map.Entry.comparingByKey())
                                    .forEach(each -> written.put(each.getKey(), each.getValue()));
                            versions.put(version, written);
                        });
        map.putUnlessEmpty("versions", versions);
        if (service.health() != null) {
            map.put("health", new NodeBuilder().put("path", service.health().path()));
        }
        if (service.mtls() != MutualTls.STRICT) {
            map.put("mtls", lower(service.mtls()));
        }
        return map.build();
    }

    private static Node route(Route route) {
        var map = new NodeBuilder().put("at", lower(route.at()));
        map.putUnlessEmpty("hosts", route.hosts().stream().map(Object::toString).toList());
        var rules = new NodeBuilder();
        route.rules().forEach(rule -> rules.put(rule.name(), rule(rule)));
        return map.put("rules", rules).build();
    }

    private static NodeBuilder rule(Rule rule) {
        var map = new NodeBuilder();
        if (rule.order() != Rule.NO_ORDER) {
            map.put("order", rule.order());
        }
        map.put("match", matches(rule.matches()));
        return switch (rule.action()) {
            case Action.Forward forward -> forward(map, forward);
            case Action.Redirect redirect -> map.put("redirect", redirect(redirect));
            case Action.Respond response -> map.put("respond", respond(response));
        };
    }

    private static NodeBuilder forward(NodeBuilder map, Action.Forward rule) {
        map.putUnlessEmpty("request-headers", edits(rule.requestHeaders()));
        map.putUnlessEmpty("response-headers", edits(rule.responseHeaders()));
        var to = new NodeBuilder();
        for (WeightedDestination each : rule.to()) {
            if (each.equals(new WeightedDestination(each.destination(), each.weight()))) {
                to.put(each.destination().toString(), each.weight());
            } else {
                to.put(
                        each.destination().toString(),
                        new NodeBuilder()
                                .put("weight", each.weight())
                                .putUnlessEmpty("request-headers", edits(each.requestHeaders()))
                                .putUnlessEmpty("response-headers", edits(each.responseHeaders()))
                                .putUnlessEmpty("rewrite", rewrite(each.rewrite())));
            }
        }
        if (!(rule.sticky() instanceof Sticky.None)) {
            map.put("sticky", rule.sticky().toString());
        }
        map.put("to", to)
                .putUnlessEmpty("rewrite", rewrite(rule.rewrite()))
                .putUnlessEmpty("timeout", timeouts(rule.timeouts()))
                .putUnlessEmpty("filters", strings(rule.filters()));
        if (rule.maxBody() != Action.Forward.NO_LIMIT) {
            map.put("max-body", rule.maxBody() + "B");
        }
        if (rule.cors() != null) {
            map.put("cors", cors(rule.cors()));
        }
        var mirrors = new NodeBuilder();
        rule.mirrors().forEach(each -> mirrors.put(each.to().toString(), each.share().toString()));
        map.putUnlessEmpty("mirror", mirrors);
        return rule.fault() == null ? map : map.put("fault", fault(rule.fault()));
    }

    private static NodeBuilder cors(Cors cors) {
        return new NodeBuilder()
                .putUnlessEmpty("origins", strings(cors.origins()))
                .putUnlessEmpty("methods", cors.methods())
                .putUnlessEmpty("headers", cors.headers())
                .putUnlessEmpty("expose", cors.expose())
                .put("max-age", millis(cors.maxAge()))
                .put("credentials", String.valueOf(cors.credentials()));
    }

    private static NodeBuilder fault(Fault fault) {
        var map = new NodeBuilder();
        if (fault.delay() != null) {
            map.put(
                    "delay",
                    new NodeBuilder()
                            .put("percent", fault.delay().share().toString())
                            .put("for", millis(fault.delay().duration())));
        }
        if (fault.abort() != null) {
            map.put(
                    "abort",
                    new NodeBuilder()
                            .put("percent", fault.abort().share().toString())
                            .put("status", fault.abort().status()));
        }
        return map.put("until", fault.until().toString());
    }

    private static NodeBuilder respond(Action.Respond response) {
        var headers = new NodeBuilder();
        response.headers().forEach(each -> headers.put(each.name().toString(), each.value()));
        var map =
                new NodeBuilder()
                        .put("status", response.status())
                        .putUnlessEmpty("headers", headers);
        return response.body().isEmpty() ? map : map.put("body", response.body());
    }

    private static NodeBuilder rewrite(Rewrite rewrite) {
        var map = new NodeBuilder();
        if (rewrite.host() != null) {
            map.put("host", rewrite.host());
        }
        return map.putUnlessEmpty("path", path(rewrite.path()));
    }

    private static NodeBuilder redirect(Action.Redirect redirect) {
        var map = new NodeBuilder();
        if (redirect.scheme() != null) {
            map.put("scheme", redirect.scheme());
        }
        if (redirect.host() != null) {
            map.put("host", redirect.host());
        }
        if (redirect.port() != null) {
            map.put("port", redirect.port());
        }
        return map.putUnlessEmpty("path", path(redirect.path())).put("status", redirect.status());
    }

    private static NodeBuilder path(@Nullable PathChange change) {
        return switch (change) {
            case null -> new NodeBuilder();
            case PathChange.Full(String path) -> new NodeBuilder().put("full", path);
            case PathChange.Prefix(String path) -> new NodeBuilder().put("prefix", path);
        };
    }

    private static NodeBuilder matches(List<Match> matches) {
        if (matches.size() == 1) {
            return match(matches.getFirst());
        }
        var map = new NodeBuilder();
        for (int i = 0; i < matches.size(); i++) {
            map.put("any-" + i, match(matches.get(i)));
        }
        return map;
    }

    private static NodeBuilder match(Match match) {
        var map = new NodeBuilder();
        switch (match.path()) {
            case PathMatch.Exact(String path) ->
                    map.put("path", new NodeBuilder().put("exact", path));
            case PathMatch.Prefix(String path) ->
                    map.put("path", new NodeBuilder().put("prefix", path));
            case PathMatch.Regex(String pattern) ->
                    map.put("path", new NodeBuilder().put("regex", pattern));
        }
        if (match.method() != null) {
            map.put("method", match.method());
        }
        if (match.port() != null) {
            map.put("port", match.port());
        }
        var query = new NodeBuilder();
        match.query().forEach(each -> query.put(each.name(), each.value()));
        return map.putUnlessEmpty("headers", headers(match.headers()))
                .putUnlessEmpty("query", query)
                .putUnlessEmpty("cookies", cookies(match.cookies()))
                .putUnlessEmpty("from", sources(match.from()));
    }

    private static NodeBuilder sources(Sources from) {
        return new NodeBuilder()
                .putUnlessEmpty("workloads", strings(from.workloads()))
                .putUnlessEmpty("namespaces", from.namespaces())
                .putUnlessEmpty("networks", strings(from.networks()));
    }

    private static NodeBuilder cookies(List<CookieMatch> cookies) {
        var map = new NodeBuilder();
        cookies.forEach(each -> map.put(each.name(), each.value()));
        return map;
    }

    private static NodeBuilder headers(List<HeaderMatch> headers) {
        var map = new NodeBuilder();
        headers.forEach(each -> map.put(each.name().toString(), each.value()));
        return map;
    }

    private static NodeBuilder edits(HeaderEdits edits) {
        var set = new NodeBuilder();
        edits.set().forEach(each -> set.put(each.name().toString(), each.value()));
        var add = new NodeBuilder();
        edits.add().forEach(each -> add.put(each.name().toString(), each.value()));
        return new NodeBuilder()
                .putUnlessEmpty("set", set)
                .putUnlessEmpty("add", add)
                .putUnlessEmpty("remove", strings(edits.remove()));
    }

    private static NodeBuilder timeouts(Timeouts timeouts) {
        var map = new NodeBuilder();
        putDuration(map, "request", timeouts.request());
        putDuration(map, "attempt", timeouts.attempt());
        return map;
    }

    private static void putDuration(NodeBuilder map, String key, @Nullable Duration duration) {
        if (duration != null) {
            map.put(key, millis(duration));
        }
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + "ms";
    }

    private static Node access(AccessRule rule) {
        var map = new NodeBuilder();
        if (rule.mode() != Mode.ENFORCE) {
            map.put("mode", lower(rule.mode()));
        }
        map.put(
                "to",
                new NodeBuilder()
                        .putUnlessEmpty("services", strings(rule.to().services()))
                        .putUnlessEmpty("methods", rule.to().methods())
                        .putUnlessEmpty("paths", strings(rule.to().paths()))
                        .putUnlessEmpty("headers", headers(rule.to().headers())));
        map.putUnlessEmpty("from", sources(rule.from()));
        switch (rule.user()) {
            case RequiredUser.Unasked _ -> {}
            case RequiredUser.Anyone _ -> map.put("user", "anyone");
            case RequiredUser.Bearer bearer -> map.put("user", bearer(bearer));
            case RequiredUser.ApiKey key -> map.put("user", apiKey(key));
        }
        if (rule.when() != null) {
            map.put(
                    "when",
                    new NodeBuilder()
                            .put("cel", rule.when().text())
                            .put("checked", rule.when().checked()));
        }
        return map.put("effect", lower(rule.effect())).build();
    }

    private static NodeBuilder bearer(RequiredUser.Bearer bearer) {
        var claims = new NodeBuilder();
        bearer.claims().forEach(each -> claims.putUnlessEmpty(each.claim().text(), each.values()));
        return new NodeBuilder()
                .put("token", bearer.token())
                .putUnlessEmpty("scopes", bearer.scopes())
                .putUnlessEmpty("roles", bearer.roles())
                .putUnlessEmpty("claims", claims);
    }

    private static NodeBuilder apiKey(RequiredUser.ApiKey key) {
        var map = new NodeBuilder();
        if (key.clients().isEmpty()) {
            map.put("api-key", "any");
        } else {
            map.putUnlessEmpty("api-key", key.clients());
        }
        return map.putUnlessEmpty("scopes", key.scopes()).putUnlessEmpty("roles", key.roles());
    }

    private static Node token(TokenPolicy token) {
        var map =
                new NodeBuilder()
                        .put("issuer", token.issuer())
                        .putUnlessEmpty("audiences", token.audiences());
        if (token.keys() != null) {
            map.put("keys", token.keys().toString());
        }
        if (!token.algorithms().equals(TokenPolicy.DEFAULT_ALGORITHMS)) {
            map.putUnlessEmpty(
                    "algorithms", token.algorithms().stream().sorted().map(Enum::name).toList());
        }
        var forward = new NodeBuilder();
        token.forward().forEach(each -> forward.put(each.claim().text(), each.header().toString()));
        return map.putUnlessEmpty("forward", forward).build();
    }

    private static List<String> strings(List<?> values) {
        return values.stream().map(Object::toString).toList();
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
