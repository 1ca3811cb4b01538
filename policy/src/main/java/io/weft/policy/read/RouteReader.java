// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.document.Node.Entry;
import io.weft.policy.document.Node.Mapping;
import io.weft.policy.problem.Suggestions;
import io.weft.policy.regex.PathRegex;
import io.weft.policy.request.HeaderName;
import io.weft.policy.route.Action;
import io.weft.policy.route.Destination;
import io.weft.policy.route.FilterUse;
import io.weft.policy.route.HeaderEdits;
import io.weft.policy.route.HeaderMatch;
import io.weft.policy.route.HostPattern;
import io.weft.policy.route.Match;
import io.weft.policy.route.PathChange;
import io.weft.policy.route.PathMatch;
import io.weft.policy.route.QueryMatch;
import io.weft.policy.route.Rewrite;
import io.weft.policy.route.Route;
import io.weft.policy.route.RouteName;
import io.weft.policy.route.Rule;
import io.weft.policy.route.Scope;
import io.weft.policy.route.Sticky;
import io.weft.policy.route.Timeouts;
import io.weft.policy.route.WeightedDestination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code weft.routes.*}. */
final class RouteReader {

    private static final String REGEX_SYNTAX =
            "RE2 syntax without word boundaries and Unicode classes";

    /** Paths are compared with their percent-encodings in upper case. */
    private static final Pattern LOWER_CASE_ESCAPE =
            Pattern.compile("%([a-f][0-9A-Fa-f]|[0-9A-F][a-f])");

    private static final int MAX_PORT = 65_535;
    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z0-9-]{0,31}");
    private static final List<String> MATCH_KEYS = List.of("path", "method", "headers", "query");

    private RouteReader() {}

    static Route route(Value.Named entry) {
        return entry.read(ObjectReader::name, RouteReader::route);
    }

    private static Function<String, Route> route(Value value) {
        Fields fields = value.fields();
        var at = fields.optional("at", each -> each.oneOf(Scope.class));
        var hosts = fields.narrowing("hosts", RouteReader::hosts);
        // Where the route is cannot be read: that is said already.
        boolean filters = at.value() == Scope.EDGE || at.value() == null && fields.has("at");
        var rules =
                fields.required(
                        "rules", each -> each.nonEmpty(each.map(rule -> rule(rule, filters))));
        fields.done();
        return name ->
                new Route(
                        new RouteName(name),
                        at.or(Scope.EVERYWHERE),
                        hosts.or(List.of()),
                        rules.get());
    }

    private static List<HostPattern> hosts(Value value) {
        return value.someOf(each -> each.parsed(HostPattern::parse, HostPattern.SYNTAX));
    }

    private static Rule rule(Value.Named entry, boolean filters) {
        return entry.read(ObjectReader::name, value -> rule(value, filters));
    }

    private static Function<String, Rule> rule(Value value, boolean filters) {
        Fields fields = value.fields();
        var order = fields.optional("order", each -> each.integer(0, Rule.NO_ORDER - 1));
        var matches = fields.narrowing("match", RouteReader::matches);
        Supplier<Action> action =
                fields.has("redirect")
                        ? redirect(fields, matches.or(List.of(Match.ALL)))
                        : forward(fields, matches.or(List.of(Match.ALL)), filters);
        fields.done();
        return name ->
                new Rule(
                        name,
                        order.or(Rule.NO_ORDER),
                        matches.or(List.of(Match.ALL)),
                        action.get());
    }

    private static Supplier<Action> forward(Fields fields, List<Match> matches, boolean mayFilter) {
        var request = fields.optional("request-headers", HeaderEditsReader::edits);
        var response = fields.optional("response-headers", HeaderEditsReader::edits);
        var to = fields.required("to", RouteReader::destinations);
        var sticky = fields.optional("sticky", each -> each.parsed(Sticky::parse, Sticky.SYNTAX));
        var rewrite = fields.optional("rewrite", each -> rewrite(each, matches));
        var timeouts = fields.optional("timeout", RouteReader::timeouts);
        var filters = fields.optional("filters", each -> filters(each, mayFilter));
        return () ->
                new Action.Forward(
                        to.get(),
                        request.or(HeaderEdits.NONE),
                        response.or(HeaderEdits.NONE),
                        sticky.or(new Sticky.None()),
                        rewrite.or(Rewrite.NONE),
                        timeouts.or(Timeouts.NONE),
                        filters.or(List.of()));
    }

    private static List<FilterUse> filters(Value value, boolean allowed) {
        if (!allowed) {
            throw value.refuse("only the gateway has filters", "at: edge in the route");
        }
        return value.someOf(each -> each.parsed(FilterUse::parse, FilterUse.SYNTAX));
    }

    private static Rewrite rewrite(Value value, List<Match> matches) {
        Fields fields = value.fields();
        var host = fields.narrowing("host", RouteReader::host);
        var path = fields.narrowing("path", each -> pathChange(each, matches));
        fields.done();
        if (host.value() == null && path.value() == null) {
            throw value.refuse("empty", "one of: host, path");
        }
        return new Rewrite(host.value(), path.value());
    }

    private static Supplier<Action> redirect(Fields fields, List<Match> matches) {
        var redirect = fields.narrowing("redirect", each -> redirect(each, matches));
        return redirect::get;
    }

    private static Action redirect(Value value, List<Match> matches) {
        Fields fields = value.fields();
        var scheme = fields.narrowing("scheme", RouteReader::scheme);
        var host = fields.narrowing("host", RouteReader::host);
        var port = fields.narrowing("port", each -> each.integer(1, MAX_PORT));
        var path = fields.narrowing("path", each -> pathChange(each, matches));
        var status = fields.narrowing("status", RouteReader::redirectStatus);
        fields.done();
        return new Action.Redirect(
                scheme.value(),
                host.value(),
                port.value(),
                path.value(),
                status.or(Action.Redirect.DEFAULT_STATUS));
    }

    private static String scheme(Value value) {
        String scheme = value.text("http or https");
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw value.refuse("unknown scheme", "http or https");
        }
        return scheme;
    }

    private static int redirectStatus(Value value) {
        int status = value.integer(300, 399);
        if (!Action.Redirect.STATUSES.contains(status)) {
            throw value.refuse("not a status of a redirect", "301, 302, 303, 307 or 308");
        }
        return status;
    }

    private static String host(Value value) {
        HostPattern pattern = value.parsed(HostPattern::parse, "a host name, without a port");
        if (pattern instanceof HostPattern.Exact(String host)) {
            return host;
        }
        throw value.refuse("a pattern is no host", "a host name, without a port");
    }

    private static PathChange pathChange(Value value, List<Match> matches) {
        Fields fields = value.fields();
        var full = fields.narrowing("full", Paths::absolute);
        var prefix = fields.narrowing("prefix", Paths::prefix);
        fields.done();
        if ((full.value() == null) == (prefix.value() == null)) {
            throw value.refuse("not one kind of change", "one of: full, prefix");
        }
        if (full.value() != null) {
            return new PathChange.Full(full.value());
        }
        if (!Rule.haveOnePrefix(matches)) {
            throw value.refuse(
                    "the rule does not have one path prefix that could be replaced",
                    "full, or a match with one path.prefix");
        }
        return new PathChange.Prefix(prefix.get().path());
    }

    /** One match, or named alternatives of which one must hold. */
    private static List<Match> matches(Value value) {
        if (isAlternatives(value)) {
            return value.map(RouteReader::alternative);
        }
        return List.of(match(value));
    }

    /** An alternative can have any name but those of the keys of a match, and is a map itself. */
    private static boolean isAlternatives(Value value) {
        return value.node() instanceof Mapping mapping
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

    private static Match alternative(Value.Named entry) {
        return entry.read(
                ObjectReader::name,
                value -> {
                    Match match = match(value);
                    return _ -> match;
                });
    }

    private static Match match(Value value) {
        Fields fields = value.fields();
        var path = fields.narrowing("path", RouteReader::path);
        var method = fields.narrowing("method", RouteReader::method);
        var headers = fields.narrowing("headers", RouteReader::headers);
        var query =
                fields.narrowing("query", each -> each.nonEmpty(each.map(RouteReader::parameter)));
        fields.done();
        return new Match(
                path.or(PathMatch.ANY), method.value(), headers.or(List.of()), query.or(List.of()));
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

    private static List<WeightedDestination> destinations(Value value) {
        var to = value.mapByMeaning(RouteReader::destination, WeightedDestination::destination);
        if (to.stream().noneMatch(each -> each.weight() > 0)) {
            throw value.refuse("no destination with a weight above 0", "at least one");
        }
        return to;
    }

    private static WeightedDestination destination(Value.Named entry) {
        return entry.read(
                key -> key.parsed(Destination::parse, Destination.SYNTAX), RouteReader::share);
    }

    private static Function<Destination, WeightedDestination> share(Value value) {
        if (!(value.node() instanceof Mapping)) {
            int weight = weight(value);
            return to -> new WeightedDestination(to, weight, HeaderEdits.NONE);
        }
        Fields fields = value.fields();
        var weight = fields.required("weight", RouteReader::weight);
        var request = fields.optional("request-headers", HeaderEditsReader::edits);
        fields.done();
        return to -> new WeightedDestination(to, weight.get(), request.or(HeaderEdits.NONE));
    }

    private static int weight(Value value) {
        return value.integer(0, WeightedDestination.MAX_WEIGHT);
    }

    private static Timeouts timeouts(Value value) {
        Fields fields = value.fields();
        var request = fields.optional("request", Value::duration);
        var attempt = fields.optional("attempt", each -> attempt(each, request.or(Duration.ZERO)));
        fields.done();
        return new Timeouts(limit(request), limit(attempt));
    }

    private static Duration attempt(Value value, Duration request) {
        Duration attempt = value.duration();
        if (!request.isZero() && attempt.compareTo(request) > 0) {
            throw value.refuse(
                    "an attempt cannot take longer than its request",
                    "at most " + request.toMillis() + "ms");
        }
        return attempt;
    }

    /** A zero says "no limit" in the Gateway API. */
    private static @Nullable Duration limit(Field<Duration> given) {
        return given.value() == null || given.value().isZero() ? null : given.value();
    }
}
