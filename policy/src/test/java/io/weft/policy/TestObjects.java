// SPDX-License-Identifier: Apache-2.0
package io.weft.policy;

import static io.weft.policy.Seed.oneOf;

import io.weft.policy.access.AccessRule;
import io.weft.policy.access.Effect;
import io.weft.policy.access.Mode;
import io.weft.policy.access.PathPattern;
import io.weft.policy.access.RequiredUser;
import io.weft.policy.access.Targets;
import io.weft.policy.condition.Condition;
import io.weft.policy.condition.ConditionCompiler;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.Network;
import io.weft.policy.request.Sources;
import io.weft.policy.route.Action;
import io.weft.policy.route.CookieMatch;
import io.weft.policy.route.Cors;
import io.weft.policy.route.Destination;
import io.weft.policy.route.Fault;
import io.weft.policy.route.FilterUse;
import io.weft.policy.route.HeaderEdits;
import io.weft.policy.route.HeaderMatch;
import io.weft.policy.route.HostPattern;
import io.weft.policy.route.Match;
import io.weft.policy.route.Mirror;
import io.weft.policy.route.OriginPattern;
import io.weft.policy.route.PathChange;
import io.weft.policy.route.PathMatch;
import io.weft.policy.route.QueryMatch;
import io.weft.policy.route.Rewrite;
import io.weft.policy.route.Route;
import io.weft.policy.route.RouteName;
import io.weft.policy.route.Rule;
import io.weft.policy.route.Scope;
import io.weft.policy.route.Share;
import io.weft.policy.route.Sticky;
import io.weft.policy.route.Timeouts;
import io.weft.policy.route.WeightedDestination;
import io.weft.policy.service.HealthCheck;
import io.weft.policy.service.MutualTls;
import io.weft.policy.service.Protocol;
import io.weft.policy.service.Service;
import io.weft.policy.token.ClaimPath;
import io.weft.policy.token.ForwardedClaim;
import io.weft.policy.token.SigningAlgorithm;
import io.weft.policy.token.TokenPolicy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Random objects from small vocabularies, so that they overlap and contradict each other. */
public final class TestObjects {

    public static final List<String> HOSTS =
            List.of(
                    "a.test",
                    "b.a.test",
                    "c.b.a.test",
                    "test",
                    "one",
                    "one.default",
                    "two",
                    "two.shop",
                    "three");

    public static final List<String> SERVICES = List.of("one", "two", "two.shop", "three");

    private static final List<String> STICKY = List.of("none", "cookie:s", "header:x-user");
    private static final List<String> STICKY_AT_EDGE = List.of("none", "ip", "cookie:s");
    public static final List<String> PATHS =
            List.of(
                    "/",
                    "/a",
                    "/a/",
                    "/a/b",
                    "/a/b/",
                    "/a/b/c",
                    "/a/bb",
                    "/ab",
                    "/b",
                    "/b/a/b",
                    "/%C3%A9",
                    "/%C3%A9/x");

    public static final List<String> TOKENS = List.of("people", "partners");
    public static final List<String> WORDS = List.of("read", "write", "7", "true");
    public static final List<String> CLAIMS = List.of("tenant", "org.units", "org.a.b", "x.y");
    public static final List<String> NETWORKS =
            List.of("10.0.0.0/8", "10.1.0.0/16", "192.0.2.7/32", "2001:db8::/33", "0.0.0.0/0");

    public static final List<String> CONDITIONS =
            List.of(
                    "request.method != 'GET'",
                    "request.headers['x-a'] == '1'",
                    "user.claims['tenant'] == 'read'",
                    "source.namespace == 'shop' || user.subject == '7'");

    private static final Map<String, Condition> COMPILED = new HashMap<>();

    private static final List<String> HOST_PATTERNS =
            List.of(
                    "a.test",
                    "b.a.test",
                    "*.a.test",
                    "*.test",
                    "*.b.a.test",
                    "one",
                    "two.default",
                    "two.shop",
                    "one.default");
    private static final List<String> PREFIXES =
            List.of("/", "/", "/a", "/a/b", "/a/b/c", "/b", "/%C3%A9");
    private static final List<String> REGEXES =
            List.of("/.*", "/a/.*", "/(a|b)/b+.*", "/[^/]+", "/a/?", ".*/b/?", "/[%C39A]+/x");

    private final Random random;

    public TestObjects(Random random) {
        this.random = random;
    }

    /** Services that every reference of the other objects resolves to. */
    public List<PolicyObject> services() {
        var objects = new ArrayList<PolicyObject>();
        for (String name : SERVICES) {
            Map<String, String> labels = random.nextBoolean() ? Map.of("version", "v1") : Map.of();
            var versions = new TreeMap<String, Map<String, String>>();
            versions.put("v1", labels);
            versions.put("v2", Map.of("version", "v2", "track", "null"));
            HealthCheck health = random.nextBoolean() ? new HealthCheck("/healthz") : null;
            objects.add(
                    new PolicyObject.OfService(
                            new Service(
                                    ServiceName.parse(name),
                                    Protocol.HTTP,
                                    versions,
                                    health,
                                    oneOf(random, List.of(MutualTls.values())))));
        }
        return objects;
    }

    public List<PolicyObject> routes(int most) {
        return IntStream.range(0, random.nextInt(most + 1))
                .<PolicyObject>mapToObj(i -> new PolicyObject.OfRoute(route("r" + i)))
                .toList();
    }

    public List<AccessRule> accessRules(int most) {
        return IntStream.range(0, random.nextInt(most + 1))
                .mapToObj(i -> accessRule("rule-" + i))
                .toList();
    }

    private Route route(String name) {
        Scope at = oneOf(random, List.of(Scope.values()));
        return new Route(
                new RouteName(name),
                at,
                some(2, () -> HostPattern.parse(oneOf(random, HOST_PATTERNS))),
                IntStream.rangeClosed(0, random.nextInt(4))
                        .mapToObj(i -> rule("rule." + i, at))
                        .toList());
    }

    private Rule rule(String name, Scope at) {
        return new Rule(
                name,
                random.nextInt(3) == 0 ? random.nextInt(3) : Rule.NO_ORDER,
                Stream.concat(Stream.of(match(at)), some(2, () -> match(at)).stream()).toList(),
                switch (random.nextInt(8)) {
                    case 0 -> redirect();
                    case 1 -> respond();
                    default -> forward(at);
                });
    }

    private Action forward(Scope at) {
        return new Action.Forward(
                destinations(),
                edits(),
                edits(),
                Sticky.parse(oneOf(random, at == Scope.EDGE ? STICKY_AT_EDGE : STICKY)),
                random.nextInt(3) > 0
                        ? Rewrite.NONE
                        : new Rewrite("b.example", new PathChange.Full(oneOf(random, PATHS))),
                timeouts(),
                random.nextInt(4) > 0 ? Action.Forward.NO_LIMIT : random.nextInt(1 << 20),
                random.nextInt(4) > 0 ? null : fault(),
                random.nextInt(4) > 0 ? null : cors(),
                random.nextInt(4) > 0
                        ? List.of()
                        : List.of(new Mirror(destination(), new Share(random.nextInt(1_000_001)))),
                at == Scope.EDGE ? some(2, this::filter) : List.of());
    }

    private FilterUse filter() {
        return FilterUse.parse(
                oneOf(random, List.of("add-tenant", "LocalResponseCache=5m,10MB", "a.B_c=x=y,")));
    }

    private Fault fault() {
        return new Fault(
                random.nextBoolean()
                        ? null
                        : new Fault.Delay(new Share(5_000), Duration.ofMillis(random.nextInt(99))),
                new Fault.Abort(Share.ALL, 503),
                Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE)));
    }

    private Cors cors() {
        return new Cors(
                List.of(
                        OriginPattern.parse("https://a.example"),
                        OriginPattern.parse(oneOf(random, List.of("*", "http://*.b.example:81")))),
                oneOf(random, List.of(List.of(), List.of("*"), List.of("PUT", "DELETE"))),
                oneOf(random, List.of(List.of(), List.of("*"), List.of("x-a"))),
                oneOf(random, List.of(List.of(), List.of("x-b"))),
                Duration.ofSeconds(random.nextInt(100)),
                random.nextBoolean());
    }

    private Action respond() {
        return new Action.Respond(
                oneOf(random, List.of(200, 404, 503)),
                List.of(new HeaderEdits.Field(HeaderName.of("content-type"), "text/plain")),
                oneOf(random, List.of("", "später: \"x\"\n")));
    }

    private Action redirect() {
        return new Action.Redirect(
                random.nextBoolean() ? "https" : null,
                random.nextBoolean() ? "c.example" : null,
                random.nextBoolean() ? 8_443 : null,
                random.nextBoolean() ? new PathChange.Full(oneOf(random, PATHS)) : null,
                oneOf(random, List.of(301, 302, 307)));
    }

    private Match match(Scope at) {
        String path = oneOf(random, PATHS);
        PathMatch pathMatch =
                switch (random.nextInt(4)) {
                    case 0 -> new PathMatch.Exact(path);
                    case 1 -> new PathMatch.Regex(oneOf(random, REGEXES));
                    default -> new PathMatch.Prefix(oneOf(random, PREFIXES));
                };
        return new Match(
                pathMatch,
                random.nextInt(3) == 0 ? method() : null,
                headers(),
                query(),
                cookies(),
                random.nextInt(3) == 0 ? sources(at) : Sources.ANY,
                random.nextInt(4) == 0 ? port() : null);
    }

    public String method() {
        return oneOf(random, List.of("GET", "POST", "PROPFIND"));
    }

    public List<HeaderMatch> headers() {
        var headers = new TreeMap<HeaderName, HeaderMatch>();
        for (int i = random.nextInt(4); i > 1; i--) {
            HeaderMatch header = header();
            headers.put(header.name(), header);
        }
        return List.copyOf(headers.values());
    }

    public HeaderMatch header() {
        return new HeaderMatch(
                HeaderName.of(oneOf(random, List.of("x-a", "x-b", "x-c"))),
                oneOf(random, List.of("1", "2", "")));
    }

    private List<QueryMatch> query() {
        var query = new TreeMap<String, QueryMatch>();
        for (int i = random.nextInt(4); i > 1; i--) {
            QueryMatch parameter = parameter();
            query.put(parameter.name(), parameter);
        }
        return List.copyOf(query.values());
    }

    public QueryMatch parameter() {
        return new QueryMatch(
                oneOf(random, List.of("q", "Q", "ü&")), oneOf(random, List.of("1", "a b", "")));
    }

    public int port() {
        return oneOf(random, List.of(80, 8_080));
    }

    /** Who can ask where a route is in force. */
    private Sources sources(Scope at) {
        return new Sources(
                some(2, () -> at == Scope.EDGE ? ServiceName.GATEWAY : service()),
                some(1, this::namespace),
                at == Scope.EDGE ? some(1, this::network) : List.of());
    }

    public String namespace() {
        return oneOf(random, List.of("default", "shop"));
    }

    private Network network() {
        return Network.parse(oneOf(random, NETWORKS));
    }

    private List<CookieMatch> cookies() {
        var cookies = new TreeMap<String, CookieMatch>();
        for (int i = random.nextInt(4); i > 1; i--) {
            CookieMatch cookie = cookie();
            cookies.put(cookie.name(), cookie);
        }
        return List.copyOf(cookies.values());
    }

    public CookieMatch cookie() {
        return new CookieMatch(
                oneOf(random, List.of("s", "S", "session")),
                oneOf(random, List.of("1", "a=b", "")));
    }

    private HeaderEdits edits() {
        return random.nextInt(3) > 0
                ? HeaderEdits.NONE
                : new HeaderEdits(fields(), fields(), some(2, () -> header().name()));
    }

    private List<HeaderEdits.Field> fields() {
        return headers().stream()
                .map(each -> new HeaderEdits.Field(each.name(), each.value()))
                .toList();
    }

    private List<WeightedDestination> destinations() {
        return some(3, this::destination).stream()
                .map(
                        to ->
                                new WeightedDestination(
                                        to,
                                        1 + random.nextInt(100),
                                        edits(),
                                        edits(),
                                        random.nextBoolean()
                                                ? Rewrite.NONE
                                                : new Rewrite("d.example", null)))
                .collect(
                        () -> new ArrayList<>(List.of(firstDestination())),
                        (all, to) -> {
                            if (!all.getFirst().destination().equals(to.destination())) {
                                all.add(to);
                            }
                        },
                        ArrayList::addAll);
    }

    private WeightedDestination firstDestination() {
        return new WeightedDestination(destination(), 1);
    }

    private Destination destination() {
        return new Destination(
                service(), random.nextBoolean() ? oneOf(random, List.of("v1", "v2")) : null);
    }

    private Timeouts timeouts() {
        return new Timeouts(duration(2_000), duration(1_000));
    }

    private @Nullable Duration duration(int least) {
        return random.nextBoolean() ? null : Duration.ofMillis(least + random.nextInt(1_000));
    }

    private AccessRule accessRule(String name) {
        Sources from = sources();
        RequiredUser user = requiredUser(from.equals(Sources.ANY));
        return new AccessRule(
                name,
                oneOf(random, List.of(Mode.ENFORCE, Mode.ENFORCE, Mode.SHADOW, Mode.DISABLED)),
                new Targets(
                        Stream.concat(Stream.of(service()), some(1, this::service).stream())
                                .distinct()
                                .toList(),
                        some(2, this::method),
                        some(2, this::pathPattern),
                        random.nextInt(3) == 0 ? headers() : List.of()),
                from,
                user,
                condition(user),
                random.nextInt(4) == 0 ? Effect.DENY : Effect.ALLOW);
    }

    private Sources sources() {
        return switch (random.nextInt(4)) {
            case 0 -> Sources.ANY;
            case 1 -> new Sources(some(2, this::workload), List.of(), List.of());
            default ->
                    new Sources(
                            some(1, this::workload),
                            some(1, this::namespace),
                            some(1, this::network));
        };
    }

    private @Nullable Condition condition(RequiredUser user) {
        if (random.nextInt(4) > 0) {
            return null;
        }
        String text = oneOf(random, CONDITIONS);
        boolean impossible = text.contains("user.") && !user.isKnown();
        return impossible ? null : condition(text);
    }

    private static Condition condition(String text) {
        return COMPILED.computeIfAbsent(
                text,
                _ ->
                        ((ConditionCompiler.Result.Compiled) ConditionCompiler.compile(text))
                                .condition());
    }

    private RequiredUser requiredUser(boolean needed) {
        return switch (random.nextInt(4)) {
            case 0 -> needed ? new RequiredUser.Anyone() : new RequiredUser.Unasked();
            case 1 -> new RequiredUser.Anyone();
            case 2 ->
                    new RequiredUser.ApiKey(
                            some(2, () -> oneOf(random, WORDS)),
                            some(1, () -> oneOf(random, WORDS)),
                            some(2, () -> oneOf(random, WORDS)));
            default ->
                    new RequiredUser.Bearer(
                            oneOf(random, TOKENS),
                            some(1, () -> oneOf(random, WORDS)),
                            some(2, () -> oneOf(random, WORDS)),
                            random.nextBoolean() ? List.of() : List.of(claim()));
        };
    }

    private RequiredUser.ClaimMatch claim() {
        return new RequiredUser.ClaimMatch(
                new ClaimPath(oneOf(random, CLAIMS)),
                Stream.concat(Stream.of(word()), some(1, this::word).stream()).distinct().toList());
    }

    public String word() {
        return oneOf(random, WORDS);
    }

    /** The kinds of token that rules name. */
    public List<TokenPolicy> tokens() {
        return TOKENS.stream()
                .map(
                        name ->
                                new TokenPolicy(
                                        name,
                                        "https://" + name,
                                        List.of("shop"),
                                        random.nextBoolean()
                                                ? null
                                                : URI.create("http://k/" + name),
                                        random.nextBoolean()
                                                ? TokenPolicy.DEFAULT_ALGORITHMS
                                                : Set.of(SigningAlgorithm.PS384),
                                        random.nextBoolean()
                                                ? List.of()
                                                : List.of(
                                                        new ForwardedClaim(
                                                                new ClaimPath("sub"),
                                                                HeaderName.of("x-user")))))
                .toList();
    }

    public ServiceName service() {
        return ServiceName.parse(oneOf(random, SERVICES));
    }

    public ServiceName workload() {
        return random.nextInt(4) == 0 ? ServiceName.GATEWAY : service();
    }

    private PathPattern pathPattern() {
        return PathPattern.parse(
                oneOf(
                        random,
                        List.of(
                                "/**",
                                "/",
                                "/*",
                                "/a",
                                "/a/",
                                "/a/**",
                                "/a/*",
                                "/*/b",
                                "/*/b/**",
                                "/a/*/c",
                                "/*/*/**",
                                "/%C3%A9/**")));
    }

    /** Up to that many, none twice. */
    private <T> List<T> some(int most, Supplier<T> one) {
        var some = new LinkedHashSet<T>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            some.add(one.get());
        }
        return List.copyOf(some);
    }
}
