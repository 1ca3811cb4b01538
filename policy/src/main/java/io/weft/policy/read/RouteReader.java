// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.document.Node;
import io.weft.policy.document.Node.Entry;
import io.weft.policy.document.Node.Mapping;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.problem.Suggestions;
import io.weft.policy.regex.PathRegex;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.Network;
import io.weft.policy.request.Sources;
import io.weft.policy.route.Action;
import io.weft.policy.route.CookieMatch;
import io.weft.policy.route.HeaderMatch;
import io.weft.policy.route.HostPattern;
import io.weft.policy.route.Match;
import io.weft.policy.route.PathMatch;
import io.weft.policy.route.QueryMatch;
import io.weft.policy.route.Route;
import io.weft.policy.route.RouteName;
import io.weft.policy.route.Rule;
import io.weft.policy.route.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Reads {@code weft.routes.*}. */
final class RouteReader {

    private static final String REGEX_SYNTAX =
            "RE2 syntax without word boundaries and Unicode classes";

    /** Paths are compared with their percent-encodings in upper case. */
    private static final Pattern LOWER_CASE_ESCAPE =
            Pattern.compile("%([a-f][0-9A-Fa-f]|[0-9A-F][a-f])");

    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z0-9-]{0,31}");
    private static final List<String> MATCH_KEYS =
            List.of("path", "method", "headers", "query", "cookies", "from", "port");

    private RouteReader() {}

    static Route route(Value.Named entry) {
        return entry.read(ObjectReader::name, RouteReader::route);
    }

    private static Function<String, Route> route(Value value) {
        Fields fields = value.fields();
        var at = fields.optional("at", each -> each.oneOf(Scope.class));
        var hosts = fields.narrowing("hosts", RouteReader::hosts);
        // Where it says so in a way that cannot be read, it has been told that already.
        boolean unreadable = at.value() == null && fields.hasValue("at");
        Scope scope = unreadable ? Scope.EDGE : at.or(Scope.EVERYWHERE);
        var rules =
                fields.required(
                        "rules", each -> each.nonEmpty(each.map(rule -> rule(rule, scope))));
        fields.done();
        return name -> new Route(new RouteName(name), scope, hosts.or(List.of()), rules.get());
    }

    private static List<HostPattern> hosts(Value value) {
        return value.someOf(each -> each.parsed(HostPattern::parse, HostPattern.SYNTAX));
    }

    private static Rule rule(Value.Named entry, Scope at) {
        return entry.read(ObjectReader::name, value -> rule(value, at));
    }

    private static Function<String, Rule> rule(Value value, Scope at) {
        Fields fields = value.fields();
        var order = fields.optional("order", each -> each.integer(0, Rule.NO_ORDER - 1));
        var matches = fields.narrowing("match", each -> matches(each, at));
        Supplier<Action> action = ActionReader.action(fields, matches.or(List.of(Match.ALL)), at);
        fields.done();
        return name ->
                new Rule(
                        name,
                        order.or(Rule.NO_ORDER),
                        matches.or(List.of(Match.ALL)),
                        action.get());
    }

    /** One match, or named alternatives of which one must hold. */
    private static List<Match> matches(Value value, Scope at) {
        if (isAlternatives(value.node())) {
            return value.map(entry -> alternative(entry, at));
        }
        return List.of(match(value, at));
    }

    /** An alternative can have any name but those of the keys of a match, and is a map itself. */
    static boolean isAlternatives(Node match) {
        return match instanceof Mapping mapping
                && !mapping.entries().isEmpty()
                && mapping.entries().stream()
                        .noneMatch(entry -> MATCH_KEYS.contains(entry.key().text()))
                && mapping.entries().stream().allMatch(RouteReader::mayBeAlternative);
    }

    /** A map, and not what a misspelt key of a match has: {@code pth: {prefix: /}}. */
    private static boolean mayBeAlternative(Entry entry) {
        return entry.value() instanceof Mapping match
                && (Suggestions.nearest(entry.key().text(), MATCH_KEYS) == null
                        || match.entries().stream()
                                .anyMatch(each -> MATCH_KEYS.contains(each.key().text())));
    }

    private static Match alternative(Value.Named entry, Scope at) {
        return entry.read(
                ObjectReader::name,
                value -> {
                    Match match = match(value, at);
                    return _ -> match;
                });
    }

    private static Match match(Value value, Scope at) {
        Fields fields = value.fields();
        var path = fields.narrowing("path", RouteReader::path);
        var method = fields.narrowing("method", RouteReader::method);
        var headers = fields.narrowing("headers", RouteReader::headers);
        var query =
                fields.narrowing("query", each -> each.nonEmpty(each.map(RouteReader::parameter)));
        var cookies =
                fields.narrowing("cookies", each -> each.nonEmpty(each.map(RouteReader::cookie)));
        var from = fields.narrowing("from", each -> sources(each, at));
        var port = fields.narrowing("port", Value::port);
        fields.done();
        return new Match(
                path.or(PathMatch.ANY),
                method.value(),
                headers.or(List.of()),
                query.or(List.of()),
                cookies.or(List.of()),
                from.or(Sources.ANY),
                port.value());
    }

    private static PathMatch path(Value value) {
        Fields fields = value.fields();
        var exact = fields.optional("exact", Paths::absolute);
        var prefix = fields.optional("prefix", Paths::prefix);
        var regex = fields.optional("regex", RouteReader::regex);
        fields.done();
        var given = new ArrayList<PathMatch>();
        if (exact.value() != null) {
            given.add(new PathMatch.Exact(exact.value()));
        }
        if (prefix.value() != null) {
            given.add(prefix.value());
        }
        if (regex.value() != null) {
            given.add(regex.value());
        }
        if (given.size() != 1) {
            throw value.refuse(
                    given.isEmpty() ? "empty" : "more than one kind of path",
                    "one of: exact, prefix, regex");
        }
        return given.getFirst();
    }

    private static PathMatch.Regex regex(Value value) {
        String pattern = value.text(REGEX_SYNTAX);
        if (LOWER_CASE_ESCAPE.matcher(pattern).find()) {
            throw value.refuse("never matches", "percent-encodings in upper case, such as %C3");
        }
        try {
            PathRegex.parse(pattern);
        } catch (PathRegex.SyntaxException e) {
            throw value.refuse("invalid regular expression: " + e.getMessage(), REGEX_SYNTAX);
        }
        return new PathMatch.Regex(pattern);
    }

    static String method(Value value) {
        return value.parsed(
                text -> {
                    if (!METHOD.matcher(text).matches()) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                },
                "a method in upper case, such as GET");
    }

    static List<HeaderMatch> headers(Value value) {
        return value.nonEmpty(value.mapByMeaning(RouteReader::header, HeaderMatch::name));
    }

    private static HeaderMatch header(Value.Named entry) {
        return entry.read(
                key -> key.parsed(HeaderName::of, HeaderName.SYNTAX),
                value -> {
                    String text = HeaderEditsReader.fieldValue(value);
                    return name -> new HeaderMatch(name, text);
                });
    }

    private static QueryMatch parameter(Value.Named entry) {
        return new QueryMatch(entry.name(), entry.value().text());
    }

    private static CookieMatch cookie(Value.Named entry) {
        return entry.read(
                key -> key.parsed(CookieMatch::requireName, CookieMatch.NAME_SYNTAX),
                value -> {
                    String text = value.parsed(CookieMatch::requireValue, CookieMatch.VALUE_SYNTAX);
                    return name -> new CookieMatch(name, text);
                });
    }

    private static Sources sources(Value value, Scope at) {
        return AccessReader.sources(value, each -> workload(each, at), each -> network(each, at));
    }

    /** Who can never ask where the route is in force is a mistake. */
    private static ServiceName workload(Value value, Scope at) {
        ServiceName workload = ServiceReader.reference(value);
        boolean gateway = workload.equals(ServiceName.GATEWAY);
        if (at == Scope.EDGE && !gateway) {
            throw value.refuse(
                    "never asks at the edge", "gateway, as which the edge asks for its clients");
        }
        if (at == Scope.MESH && gateway) {
            throw value.refuse("never asks between workloads", "a service, or at: edge");
        }
        return workload;
    }

    private static Network network(Value value, Scope at) {
        if (at != Scope.EDGE) {
            throw value.refuse(
                    "between workloads every request comes from the loopback address",
                    "at: edge, or workloads or namespaces");
        }
        return AccessReader.network(value);
    }
}
