// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.document.Node.Mapping;
import io.weft.policy.request.HeaderName;
import io.weft.policy.route.Action;
import io.weft.policy.route.Cors;
import io.weft.policy.route.Destination;
import io.weft.policy.route.Fault;
import io.weft.policy.route.FilterUse;
import io.weft.policy.route.HeaderEdits;
import io.weft.policy.route.HostPattern;
import io.weft.policy.route.Match;
import io.weft.policy.route.Mirror;
import io.weft.policy.route.OriginPattern;
import io.weft.policy.route.PathChange;
import io.weft.policy.route.Rewrite;
import io.weft.policy.route.Rule;
import io.weft.policy.route.Scope;
import io.weft.policy.route.Share;
import io.weft.policy.route.Sticky;
import io.weft.policy.route.Timeouts;
import io.weft.policy.route.WeightedDestination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads what rules do with requests. */
final class ActionReader {

    private static final String JSON = "application/json";
    private static final String HTML = "text/html; charset=utf-8";
    private static final HeaderName CONTENT_TYPE = HeaderName.of("content-type");

    private ActionReader() {}

    /**
     * Asks for the keys of the one action that a rule has.
     *
     * @param matches of the rule
     * @param at where its route is in force
     */
    static Supplier<Action> action(Fields rule, List<Match> matches, Scope at) {
        if (rule.has("redirect")) {
            return rule.narrowing("redirect", each -> redirect(each, matches))::get;
        }
        if (rule.has("respond")) {
            return rule.narrowing("respond", ActionReader::respond)::get;
        }
        return forward(rule, matches, at);
    }

    // ---- to a service ---------------------------------------------------------------------------

    private static Supplier<Action> forward(Fields fields, List<Match> matches, Scope at) {
        var request = fields.optional("request-headers", HeaderEditsReader::edits);
        var response = fields.optional("response-headers", HeaderEditsReader::edits);
        var to = fields.required("to", each -> destinations(each, matches));
        var sticky = fields.optional("sticky", each -> sticky(each, at));
        var rewrite = fields.optional("rewrite", each -> rewrite(each, matches));
        var timeouts = fields.optional("timeout", ActionReader::timeouts);
        var maxBody = fields.optional("max-body", Value::size);
        var cors = fields.optional("cors", ActionReader::cors);
        var mirrors = fields.optional("mirror", ActionReader::mirrors);
        var fault = fields.optional("fault", ActionReader::fault);
        var filters = fields.optional("filters", each -> filters(each, at));
        return () ->
                new Action.Forward(
                        to.get(),
                        request.or(HeaderEdits.NONE),
                        response.or(HeaderEdits.NONE),
                        sticky.or(new Sticky.None()),
                        rewrite.or(Rewrite.NONE),
                        timeouts.or(Timeouts.NONE),
                        maxBody.or(Action.Forward.NO_LIMIT),
                        fault.value(),
                        cors.value(),
                        mirrors.or(List.of()),
                        filters.or(List.of()));
    }

    private static List<FilterUse> filters(Value value, Scope at) {
        if (at != Scope.EDGE) {
            throw value.refuse("only the gateway has filters", "at: edge in the route");
        }
        return value.someOf(each -> each.parsed(FilterUse::parse, FilterUse.SYNTAX));
    }

    private static List<WeightedDestination> destinations(Value value, List<Match> matches) {
        var to =
                value.mapByMeaning(
                        entry -> destination(entry, matches), WeightedDestination::destination);
        if (to.stream().noneMatch(each -> each.weight() > 0)) {
            throw value.refuse("no destination with a weight above 0", "at least one");
        }
        return to;
    }

    private static WeightedDestination destination(Value.Named entry, List<Match> matches) {
        return entry.read(ActionReader::destination, value -> weighted(value, matches));
    }

    private static Destination destination(Value key) {
        return key.parsed(Destination::parse, Destination.SYNTAX);
    }

    private static Function<Destination, WeightedDestination> weighted(
            Value value, List<Match> matches) {
        if (!(value.node() instanceof Mapping)) {
            int weight = weight(value);
            return to -> new WeightedDestination(to, weight);
        }
        Fields fields = value.fields();
        var weight = fields.required("weight", ActionReader::weight);
        var request = fields.optional("request-headers", HeaderEditsReader::edits);
        var response = fields.optional("response-headers", HeaderEditsReader::edits);
        var rewrite = fields.optional("rewrite", each -> rewrite(each, matches));
        fields.done();
        return to ->
                new WeightedDestination(
                        to,
                        weight.get(),
                        request.or(HeaderEdits.NONE),
                        response.or(HeaderEdits.NONE),
                        rewrite.or(Rewrite.NONE));
    }

    private static int weight(Value value) {
        return value.integer(0, WeightedDestination.MAX_WEIGHT);
    }

    /** In the mesh every request comes from the application beside the agent, over loopback. */
    private static Sticky sticky(Value value, Scope at) {
        Sticky sticky = value.parsed(Sticky::parse, Sticky.SYNTAX);
        if (sticky instanceof Sticky.Address && at != Scope.EDGE) {
            throw value.refuse(
                    "between services the address is that of the caller's own agent",
                    "a route that is at: edge, or another way to know somebody");
        }
        return sticky;
    }

    private static Rewrite rewrite(Value value, List<Match> matches) {
        Fields fields = value.fields();
        var host = fields.narrowing("host", ActionReader::host);
        var path = fields.narrowing("path", each -> pathChange(each, matches));
        fields.done();
        if (host.value() == null && path.value() == null) {
            throw value.refuse("empty", "one of: host, path");
        }
        return new Rewrite(host.value(), path.value());
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

    // ---- pages of other origins -----------------------------------------------------------------

    private static Cors cors(Value value) {
        Fields fields = value.fields();
        var origins = fields.required("origins", each -> each.someOf(ActionReader::origin));
        var methods = fields.optional("methods", each -> anyOrSome(each, RouteReader::method));
        var headers = fields.optional("headers", each -> anyOrSome(each, ActionReader::header));
        var expose = fields.optional("expose", each -> anyOrSome(each, ActionReader::header));
        var maxAge = fields.optional("max-age", Value::duration);
        var credentials = fields.optional("credentials", Value::flag);
        fields.done();
        return new Cors(
                origins.get(),
                methods.or(List.of()),
                headers.or(List.of()),
                expose.or(List.of()),
                maxAge.or(Cors.DEFAULT_MAX_AGE),
                credentials.or(false));
    }

    private static OriginPattern origin(Value value) {
        return value.parsed(OriginPattern::parse, OriginPattern.SYNTAX);
    }

    private static String header(Value value) {
        return value.parsed(HeaderName::of, HeaderName.SYNTAX).toString();
    }

    /** Names, or a star alone for all of them. */
    private static List<String> anyOrSome(Value value, Function<Value, String> reader) {
        List<String> names =
                value.someOf(each -> each.isText(Cors.ANY) ? Cors.ANY : reader.apply(each));
        if (names.size() > 1 && names.contains(Cors.ANY)) {
            throw value.refuse("a star beside names", "names, or a star alone");
        }
        return names;
    }

    // ---- copies and trouble ---------------------------------------------------------------------

    private static List<Mirror> mirrors(Value value) {
        return value.nonEmpty(
                value.mapByMeaning(
                        entry ->
                                entry.read(
                                        ActionReader::destination,
                                        each -> {
                                            Share share = share(each);
                                            return to -> new Mirror(to, share);
                                        }),
                        Mirror::to));
    }

    private static Share share(Value value) {
        return value.parsed(Share::percent, Share.SYNTAX);
    }

    private static Fault fault(Value value) {
        Fields fields = value.fields();
        var delay = fields.narrowing("delay", ActionReader::delay);
        var abort = fields.narrowing("abort", ActionReader::abort);
        var until = fields.required("until", Value::instant);
        fields.done();
        if (delay.value() == null && abort.value() == null) {
            throw value.refuse("no trouble", "one of: delay, abort");
        }
        return new Fault(delay.value(), abort.value(), until.get());
    }

    private static Fault.Delay delay(Value value) {
        Fields fields = value.fields();
        var share = fields.optional("percent", ActionReader::share);
        var duration = fields.required("for", Value::duration);
        fields.done();
        return new Fault.Delay(share.or(Share.ALL), duration.get());
    }

    private static Fault.Abort abort(Value value) {
        Fields fields = value.fields();
        var share = fields.optional("percent", ActionReader::share);
        var status =
                fields.required(
                        "status", each -> each.integer(Fault.LEAST_STATUS, Fault.MOST_STATUS));
        fields.done();
        return new Fault.Abort(share.or(Share.ALL), status.get());
    }

    // ---- elsewhere, and at once -----------------------------------------------------------------

    private static Action redirect(Value value, List<Match> matches) {
        Fields fields = value.fields();
        var scheme = fields.narrowing("scheme", ActionReader::scheme);
        var host = fields.narrowing("host", ActionReader::host);
        var port = fields.narrowing("port", Value::port);
        var path = fields.narrowing("path", each -> pathChange(each, matches));
        var status = fields.narrowing("status", ActionReader::redirectStatus);
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

    private static Action respond(Value value) {
        Fields fields = value.fields();
        var status = fields.required("status", ActionReader::responseStatus);
        var headers = fields.optional("headers", HeaderEditsReader::answer);
        var body = fields.optional("body", ActionReader::body);
        fields.done();
        return new Action.Respond(
                status.get(), typed(headers.or(List.of()), body.or("")), body.or(""));
    }

    private static int responseStatus(Value value) {
        int status = value.integer(Action.Respond.LEAST_STATUS, Action.Respond.MOST_STATUS);
        if (Action.Redirect.STATUSES.contains(status)) {
            throw value.refuse("a redirect", "redirect instead of respond");
        }
        return status;
    }

    private static String body(Value value) {
        String body = value.text();
        if (body.length() > Action.Respond.MAX_BODY) {
            throw value.refuse("too long", "at most " + Action.Respond.MAX_BODY + " characters");
        }
        return body;
    }

    /** Says what a body is, unless its author does. */
    private static List<HeaderEdits.Field> typed(List<HeaderEdits.Field> headers, String body) {
        if (body.isEmpty() || headers.stream().anyMatch(each -> each.name().equals(CONTENT_TYPE))) {
            return headers;
        }
        String start = body.stripLeading();
        String type =
                start.startsWith("<")
                        ? HTML
                        : start.startsWith("{") || start.startsWith("[")
                                ? JSON
                                : "text/plain; charset=utf-8";
        var typed = new ArrayList<>(headers);
        typed.add(new HeaderEdits.Field(CONTENT_TYPE, type));
        return typed;
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
}
