// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.document.Node.Mapping;
import io.weft.policy.document.Node.Scalar;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.regex.PathRegex;
import io.weft.policy.request.HeaderName;
import io.weft.policy.route.Destination;
import io.weft.policy.route.HeaderEdits;
import io.weft.policy.route.HeaderMatch;
import io.weft.policy.route.HostPattern;
import io.weft.policy.route.Match;
import io.weft.policy.route.PathMatch;
import io.weft.policy.route.QueryMatch;
import io.weft.policy.route.Route;
import io.weft.policy.route.RouteName;
import io.weft.policy.route.Rule;
import io.weft.policy.route.Scope;
import io.weft.policy.route.Timeouts;
import io.weft.policy.route.WeightedDestination;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code weft.routes.*}. */
final class RouteReader {

    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z0-9-]{0,31}");
    private static final Set<String> MATCH_KEYS = Set.of("path", "method", "headers", "query");

    private RouteReader() {}

    static Route route(Value key, Value value) {
        String name = ObjectReader.name(key);
        Fields fields = value.fields();
        var at = fields.optional("at", each -> each.oneOf(Scope.class));
        var hosts = fields.optional("hosts", RouteReader::hosts);
        var rules = fields.required("rules", each -> nonEmpty(each, each.map(RouteReader::rule)));
        fields.done();
        return new Route(
                new RouteName(name),
                at.or(Scope.EVERYWHERE),
                hosts.or(List.of()),
                List.copyOf(rules.get().values()));
    }

    private static List<HostPattern> hosts(Value value) {
        return value.list(each -> each.parsed(HostPattern::parse, HostPattern.SYNTAX));
    }

    private static <T> Map<String, T> nonEmpty(Value value, Map<String, T> map) {
        if (map.isEmpty()) {
            throw value.refuse("empty", "at least one");
        }
        return map;
    }

    private static Rule rule(Value.Named entry) {
        String name = ObjectReader.name(entry.key());
        Fields fields = entry.value().fields();
        var order = fields.optional("order", each -> each.integer(0, Rule.NO_ORDER - 1));
        var matches = fields.optional("match", RouteReader::matches);
        var request = fields.optional("request-headers", HeaderEditsReader::edits);
        var response = fields.optional("response-headers", HeaderEditsReader::edits);
        var to = fields.required("to", RouteReader::destinations);
        var timeouts = fields.optional("timeout", RouteReader::timeouts);
        fields.done();
        return new Rule(
                name,
                order.or(Rule.NO_ORDER),
                matches.or(List.of(Match.ALL)),
                request.or(HeaderEdits.NONE),
                response.or(HeaderEdits.NONE),
                to.get(),
                timeouts.or(Timeouts.NONE));
    }

    /** One match, or named alternatives of which one must hold. */
    private static List<Match> matches(Value value) {
        if (isAlternatives(value)) {
            var alternatives =
                    value.map(
                            entry -> {
                                ObjectReader.name(entry.key());
                                return match(entry.value());
                            });
            return List.copyOf(alternatives.values());
        }
        return List.of(match(value));
    }

    /** An alternative can have any name but those of the keys of a match, and is a map itself. */
    private static boolean isAlternatives(Value value) {
        return value.node() instanceof Mapping mapping
                && !mapping.entries().isEmpty()
                && mapping.entries().stream()
                        .noneMatch(entry -> MATCH_KEYS.contains(entry.key().text()))
                && mapping.entries().stream().allMatch(entry -> entry.value() instanceof Mapping);
    }

    private static Match match(Value value) {
        Fields fields = value.fields();
        var path = fields.optional("path", RouteReader::path);
        var method = fields.optional("method", RouteReader::method);
        var headers = fields.optional("headers", each -> each.map(RouteReader::header));
        var query = fields.optional("query", each -> each.map(RouteReader::parameter));
        fields.done();
        return new Match(
                path.or(PathMatch.ANY),
                method.value(),
                List.copyOf(headers.or(Map.of()).values()),
                List.copyOf(query.or(Map.of()).values()));
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
        String pattern = value.text();
        try {
            PathRegex.parse(pattern);
        } catch (PathRegex.SyntaxException e) {
            throw value.refuse(
                    "invalid regular expression: " + e.getMessage(),
                    "RE2 syntax without word boundaries and Unicode classes");
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

    private static HeaderMatch header(Value.Named entry) {
        HeaderName name = entry.key().parsed(HeaderName::of, HeaderName.SYNTAX);
        return new HeaderMatch(name, HeaderEditsReader.fieldValue(entry.value()));
    }

    private static QueryMatch parameter(Value.Named entry) {
        return new QueryMatch(entry.name(), entry.value().text());
    }

    private static List<WeightedDestination> destinations(Value value) {
        var to = List.copyOf(value.map(RouteReader::destination).values());
        if (to.stream().noneMatch(each -> each.weight() > 0)) {
            throw value.refuse("no destination with a weight above 0", "at least one");
        }
        return to;
    }

    private static WeightedDestination destination(Value.Named entry) {
        Destination destination =
                entry.key().parsed(RouteReader::destination, "a service, or service/version");
        if (entry.value().node() instanceof Scalar) {
            int weight = weight(entry.value());
            return new WeightedDestination(destination, weight, HeaderEdits.NONE);
        }
        Fields fields = entry.value().fields();
        var weight = fields.required("weight", RouteReader::weight);
        var request = fields.optional("request-headers", HeaderEditsReader::edits);
        fields.done();
        return new WeightedDestination(destination, weight.get(), request.or(HeaderEdits.NONE));
    }

    private static int weight(Value value) {
        return value.integer(0, WeightedDestination.MAX_WEIGHT);
    }

    private static Destination destination(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new Destination(ServiceName.parse(text), null);
        }
        if (slash == text.length() - 1) {
            throw new IllegalArgumentException(text);
        }
        return new Destination(
                ServiceName.parse(text.substring(0, slash)), text.substring(slash + 1));
    }

    private static Timeouts timeouts(Value value) {
        Fields fields = value.fields();
        var request = fields.optional("request", Value::duration);
        var attempt = fields.optional("attempt", Value::duration);
        fields.done();
        // A zero says "no limit" in the Gateway API.
        var whole = request.value() != null && request.value().isZero() ? null : request.value();
        var single = attempt.value() != null && attempt.value().isZero() ? null : attempt.value();
        if (whole != null && single != null && single.compareTo(whole) > 0) {
            throw value.child("attempt")
                    .refuse("an attempt cannot take longer than its request", "at most " + whole);
        }
        return new Timeouts(whole, single);
    }
}
