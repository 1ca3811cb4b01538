// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.document.Node.Entry;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.problem.Problem;
import io.weft.policy.problem.Problems;
import io.weft.policy.read.MatchPlaces;
import io.weft.policy.regex.PathRegex;
import io.weft.policy.request.Network;
import io.weft.policy.request.Plane;
import io.weft.policy.route.CookieMatch;
import io.weft.policy.route.HeaderMatch;
import io.weft.policy.route.Match;
import io.weft.policy.route.PathMatch;
import io.weft.policy.route.QueryMatch;
import io.weft.policy.route.Rank;
import io.weft.policy.route.Route;
import io.weft.policy.route.Rule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds matches that are in vain on a host, because another one takes all of their requests. Each
 * is looked at once for each of its hosts, beside those alone that ask for the same or take a
 * prefix of its path.
 */
final class Shadows {

    private static final String ANY_HOST = "any host";

    private final Forms forms;
    private final Set<ServiceName> services;
    private final Map<ObjectKey, Claim> claimed;
    private final Map<ObjectKey, Map<String, Entry>> rules = new HashMap<>();
    private final Map<Place, Shadow> found = new LinkedHashMap<>();

    private Shadows(Forms forms, Map<ObjectKey, Claim> claimed) {
        this.forms = forms;
        this.services = forms.services().keySet();
        this.claimed = claimed;
    }

    /** One of the matches of a rule; no other place is this one, however much they say the same. */
    private static final class Place {
        private final Route route;
        private final Rank rank;
        private final Match match;
        private final int number;

        private Place(Route route, Rule rule, int number) {
            this.route = route;
            this.rank = new Rank(rule.order(), route.name(), rule.name());
            this.match = rule.matches().get(number);
            this.number = number;
        }

        private ObjectKey key() {
            return new ObjectKey(ObjectKind.ROUTES, route.name().text());
        }

        private boolean isEverywhere() {
            return route.at().includes(Plane.EDGE) && route.at().includes(Plane.MESH);
        }
    }

    /** The matches of a route. */
    private record Places(Route route, List<Place> all) {

        static Places of(Route route) {
            var all = new ArrayList<Place>();
            for (Rule rule : route.rules()) {
                for (int i = 0; i < rule.matches().size(); i++) {
                    all.add(new Place(route, rule, i));
                }
            }
            return new Places(route, all);
        }
    }

    /** Who takes the requests of a match, and where that was seen first. */
    private record Shadow(Rank winner, String why, String host, Set<Plane> planes) {}

    /** What a match asks for, however it is written. */
    private record Conditions(
            PathMatch path,
            @Nullable String method,
            Set<HeaderMatch> headers,
            Set<QueryMatch> query,
            Set<CookieMatch> cookies,
            Set<ServiceName> workloads,
            Set<String> namespaces,
            Set<Network> networks,
            @Nullable Integer port) {

        static Conditions of(Match match) {
            return new Conditions(
                    match.path(),
                    match.method(),
                    Set.copyOf(match.headers()),
                    Set.copyOf(match.query()),
                    Set.copyOf(match.cookies()),
                    Set.copyOf(match.from().workloads()),
                    Set.copyOf(match.from().namespaces()),
                    Set.copyOf(match.from().networks()),
                    match.port());
        }
    }

    static void report(Forms forms, Map<ObjectKey, Claim> claimed, Problems warnings) {
        var shadows = new Shadows(forms, claimed);
        var routes = new ArrayList<Places>();
        for (PolicyObject object : forms.all()) {
            if (object instanceof PolicyObject.OfRoute(Route route)) {
                routes.add(Places.of(route));
            }
        }
        for (Plane plane : Plane.values()) {
            shadows.byHost(plane, routes)
                    .forEach((host, places) -> shadows.look(plane, host, places));
        }
        shadows.found.forEach((place, shadow) -> shadows.report(place, shadow, warnings));
    }

    private Map<String, List<Place>> byHost(Plane plane, List<Places> routes) {
        var byHost = new LinkedHashMap<String, List<Place>>();
        for (Places places : routes) {
            if (places.route.at().includes(plane)) {
                for (String host : hosts(plane, places.route)) {
                    byHost.computeIfAbsent(host, _ -> new ArrayList<>()).addAll(places.all);
                }
            }
        }
        return byHost;
    }

    private Set<String> hosts(Plane plane, Route route) {
        return route.hosts().isEmpty()
                ? Set.of(ANY_HOST)
                : route.hosts().stream()
                        .map(host -> host(plane, host.toString()))
                        .collect(Collectors.toSet());
    }

    /** In the mesh a service's short and qualified host are the same. */
    private String host(Plane plane, String host) {
        if (plane == Plane.EDGE || !ServiceName.isName(host)) {
            return host;
        }
        ServiceName service = ServiceName.parse(host);
        return services.contains(service) ? service.toString() : host;
    }

    private void look(Plane plane, String host, List<Place> places) {
        var same = new HashMap<Conditions, List<Place>>();
        var prefixes = new HashMap<String, Place>();
        for (Place place : places) {
            Match match = place.match;
            same.computeIfAbsent(Conditions.of(match), _ -> new ArrayList<>(1)).add(place);
            if (match.path() instanceof PathMatch.Prefix(String prefix)
                    && match.asksForPathAlone()) {
                prefixes.merge(prefix, place, Shadows::better);
            }
        }
        for (List<Place> each : same.values()) {
            if (each.size() > 1) {
                lookAtDuplicates(plane, host, each);
            }
        }
        if (!prefixes.isEmpty()) {
            places.forEach(place -> lookAtPattern(plane, host, place, prefixes));
        }
    }

    private static Place better(Place one, Place other) {
        return other.rank.compareTo(one.rank) < 0 ? other : one;
    }

    private void lookAtDuplicates(Plane plane, String host, List<Place> places) {
        Place winner = places.stream().reduce(places.getFirst(), Shadows::better);
        for (Place place : places) {
            if (!place.equals(winner)) {
                note(plane, host, place, winner, "asks for the same and comes first");
            }
        }
    }

    /** A pattern comes after every prefix of its host. */
    private void lookAtPattern(Plane plane, String host, Place place, Map<String, Place> prefixes) {
        if (place.match.path() instanceof PathMatch.Regex(String pattern)) {
            Place winner = covering(literalPrefix(pattern), prefixes);
            if (winner != null) {
                note(plane, host, place, winner, "takes all paths of the pattern before it");
            }
        }
    }

    private static String literalPrefix(String pattern) {
        try {
            return PathRegex.parse(pattern).literalPrefix();
        } catch (PathRegex.SyntaxException e) {
            throw new IllegalArgumentException("regex: " + pattern + ": " + e.getMessage(), e);
        }
    }

    /** The longest prefix that covers all paths which begin like this, by segment. */
    private static @Nullable Place covering(String begin, Map<String, Place> prefixes) {
        for (int slash = begin.lastIndexOf('/');
                slash > 0;
                slash = begin.lastIndexOf('/', slash - 1)) {
            Place place = prefixes.get(begin.substring(0, slash));
            if (place != null) {
                return place;
            }
        }
        return prefixes.get("/");
    }

    private void note(Plane plane, String host, Place place, Place winner, String why) {
        found.computeIfAbsent(
                        place, _ -> new Shadow(winner.rank, why, host, EnumSet.noneOf(Plane.class)))
                .planes
                .add(plane);
    }

    /** One that stays in its last good form does not stand in the documents any more. */
    private void report(Place place, Shadow shadow, Problems warnings) {
        Claim claim = claimed.get(place.key());
        if (claim == null || forms.kept().contains(place.key())) {
            return;
        }
        Entry rule = rulesOf(place.key(), claim).get(place.rank.rule());
        if (rule == null) {
            return;
        }
        String path = Problem.pathUnder(place.key().path() + ".rules", place.rank.rule());
        MatchPlaces.Place written = MatchPlaces.in(rule, path).get(place.number);
        boolean onePlane = place.isEverywhere() && shadow.planes.size() == 1;
        warnings.add(
                new Problem(
                        written.at(),
                        written.path(),
                        "",
                        "never chosen for "
                                + shadow.host
                                + (onePlane ? where(shadow.planes) : "")
                                + ", because "
                                + shadow.winner
                                + " "
                                + shadow.why,
                        ""));
    }

    private static String where(Set<Plane> planes) {
        return planes.contains(Plane.EDGE) ? " at the edge" : " in the mesh";
    }

    private Map<String, Entry> rulesOf(ObjectKey key, Claim claim) {
        return rules.computeIfAbsent(
                key,
                _ -> {
                    var byName = new HashMap<String, Entry>();
                    var written = claim.value().get("rules");
                    if (written != null) {
                        written.entries().forEach(each -> byName.put(each.key().text(), each));
                    }
                    return byName;
                });
    }
}
