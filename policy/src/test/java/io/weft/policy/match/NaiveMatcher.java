// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.request.Caller;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.Network;
import io.weft.policy.request.Plane;
import io.weft.policy.request.Sources;
import io.weft.policy.route.CookieMatch;
import io.weft.policy.route.HeaderMatch;
import io.weft.policy.route.HostPattern;
import io.weft.policy.route.Match;
import io.weft.policy.route.PathMatch;
import io.weft.policy.route.QueryMatch;
import io.weft.policy.route.Route;
import io.weft.policy.route.Rule;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The design's words about precedence, taken literally: every match of every route is looked at,
 * and the best by host, path, method, headers and cookies, query, from, port, order and names wins.
 */
final class NaiveMatcher {

    /** A request in words: lower-case host without port, path in normal form. */
    record Asked(
            String method,
            String host,
            int port,
            String path,
            List<QueryMatch> query,
            List<HeaderMatch> headers,
            List<CookieMatch> cookies,
            ServiceName workload,
            String address) {

        Caller caller() {
            return Caller.of(workload, InetAddress.ofLiteral(address).getAddress());
        }
    }

    private record Found(int host, int path, Match match, Rule rule, Route route) {}

    private static final Comparator<Found> BEST_FIRST =
            Comparator.comparingInt(Found::host)
                    .thenComparingInt(Found::path)
                    .reversed()
                    .thenComparing(found -> found.match.method() == null)
                    .thenComparingInt(
                            found -> -found.match.headers().size() - found.match.cookies().size())
                    .thenComparingInt(found -> -found.match.query().size())
                    .thenComparing(found -> found.match.from().equals(Sources.ANY))
                    .thenComparing(found -> found.match.port() == null)
                    .thenComparingInt(found -> found.rule.order())
                    .thenComparing(found -> found.route.name())
                    .thenComparing(found -> found.rule.name());

    private final Plane plane;
    private final PolicyObjects objects;

    NaiveMatcher(Plane plane, PolicyObjects objects) {
        this.plane = plane;
        this.objects = objects;
    }

    /** {@code route/rule}, or the name of the reason why there is none. */
    String match(Asked asked) {
        var found = new ArrayList<Found>();
        boolean known = false;
        for (Route route : objects.routes()) {
            int host = route.at().includes(plane) ? host(route, asked.host) : -1;
            known |= host > 0;
            for (Rule rule : route.rules()) {
                for (Match match : rule.matches()) {
                    if (host >= 0 && path(match.path(), asked.path) >= 0 && rest(match, asked)) {
                        int path = path(match.path(), asked.path);
                        found.add(new Found(host, path, match, rule, route));
                    }
                }
            }
        }
        String own = ownRoute(asked);
        found.sort(BEST_FIRST);
        if (!own.isEmpty() && (found.isEmpty() || found.getFirst().host < EXACT)) {
            return "service/" + own + "/all";
        }
        if (found.isEmpty()) {
            return known ? "NO_MATCH" : "UNKNOWN_HOST";
        }
        return found.getFirst().route.name() + "/" + found.getFirst().rule.name();
    }

    private static final int EXACT = 1_000;

    /** The mesh's route for a service that no route names for whoever asks. */
    private String ownRoute(Asked asked) {
        if (plane == Plane.EDGE || !ServiceName.isName(asked.host)) {
            return "";
        }
        ServiceName service = ServiceName.parse(asked.host);
        boolean named =
                objects.routes().stream()
                        .filter(route -> route.at().includes(plane))
                        .filter(route -> host(route, asked.host) >= EXACT)
                        .flatMap(route -> route.rules().stream())
                        .flatMap(rule -> rule.matches().stream())
                        .anyMatch(match -> from(match.from(), asked) && port(match, asked));
        return objects.services().containsKey(service) && !named ? service.toString() : "";
    }

    /** How specifically a route names a host: -1 not at all, 0 by naming none. */
    private int host(Route route, String host) {
        int best = route.hosts().isEmpty() ? 0 : -1;
        for (HostPattern pattern : route.hosts()) {
            switch (pattern) {
                case HostPattern.Exact(String name) -> {
                    if (name.equals(host) || plane == Plane.MESH && sameService(name, host)) {
                        best = EXACT;
                    }
                }
                case HostPattern.Wildcard(String suffix) -> {
                    if (host.endsWith("." + suffix) && host.length() > suffix.length() + 1) {
                        best = Math.max(best, suffix.length());
                    }
                }
            }
        }
        return best;
    }

    private boolean sameService(String one, String other) {
        return ServiceName.isName(one)
                && ServiceName.isName(other)
                && ServiceName.parse(one).equals(ServiceName.parse(other))
                && objects.services().containsKey(ServiceName.parse(one));
    }

    /** How specifically a match names a path: -1 not at all. */
    private static int path(PathMatch match, String path) {
        return switch (match) {
            case PathMatch.Exact(String exact) -> exact.equals(path) ? 1_000 : -1;
            case PathMatch.Prefix(String prefix) -> {
                String open = prefix.endsWith("/") ? prefix : prefix + "/";
                boolean covers = path.equals(prefix) || path.startsWith(open);
                yield covers ? 1 + (prefix.equals("/") ? 0 : prefix.length()) : -1;
            }
            case PathMatch.Regex(String pattern) -> Pattern.matches(pattern, path) ? 0 : -1;
        };
    }

    private static boolean from(Sources from, Asked asked) {
        List<Network> networks = from.networks();
        return (from.workloads().isEmpty() || from.workloads().contains(asked.workload))
                && (from.namespaces().isEmpty()
                        || from.namespaces().contains(asked.workload.namespace()))
                && (networks.isEmpty() || networks.stream().anyMatch(asked.caller()::isIn));
    }

    private static boolean port(Match match, Asked asked) {
        return match.port() == null || match.port() == asked.port;
    }

    private static boolean rest(Match match, Asked asked) {
        return from(match.from(), asked)
                && port(match, asked)
                && (match.method() == null || match.method().equals(asked.method))
                && match.headers().stream()
                        .allMatch(
                                wanted ->
                                        values(asked, wanted.name())
                                                .equals(List.of(wanted.value())))
                && match.query().stream()
                        .allMatch(
                                wanted ->
                                        asked.query.stream()
                                                .filter(q -> q.name().equals(wanted.name()))
                                                .findFirst()
                                                .filter(q -> q.value().equals(wanted.value()))
                                                .isPresent())
                && match.cookies().stream()
                        .allMatch(
                                wanted ->
                                        asked.cookies.stream()
                                                .filter(each -> each.name().equals(wanted.name()))
                                                .collect(Collectors.toSet())
                                                .equals(Set.of(wanted)));
    }

    private static List<String> values(Asked asked, HeaderName name) {
        return asked.headers.stream()
                .filter(header -> header.name().equals(name))
                .map(HeaderMatch::value)
                .toList();
    }
}
