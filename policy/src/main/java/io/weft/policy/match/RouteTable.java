// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.access.AccessRule;
import io.weft.policy.access.ServiceAccess;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.request.Plane;
import io.weft.policy.request.RequestView;
import io.weft.policy.route.Action;
import io.weft.policy.route.Destination;
import io.weft.policy.route.HostPattern;
import io.weft.policy.route.Match;
import io.weft.policy.route.Route;
import io.weft.policy.route.RouteName;
import io.weft.policy.route.Rule;
import io.weft.policy.route.Scope;
import io.weft.policy.route.Sticky;
import io.weft.policy.route.WeightedDestination;
import io.weft.policy.token.TokenPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one plane, compiled. A request is looked up by host (exact, then the longest
 * wildcard, then routes for any host), and within a host by path; rules of a less specific host are
 * asked when none of a more specific one matches, as the Gateway API orders them.
 *
 * <p>In the mesh every service has a route of its own, from its host to all its instances, until a
 * route names that host.
 */
public final class RouteTable {

    private final ByteKeyMap<HostRules> exactHosts;
    private final ByteKeyMap<HostRules> wildcards;
    private final @Nullable HostRules anyHost;
    private final List<MatchedRule> rules;
    private final List<Destination> destinations;

    private RouteTable(Builder builder) {
        this.exactHosts = new ByteKeyMap<>(builder.build(builder.exactHosts));
        this.wildcards = new ByteKeyMap<>(builder.build(builder.wildcards));
        this.anyHost = builder.anyHost == null ? null : builder.anyHost.build();
        this.rules = List.copyOf(builder.rules);
        this.destinations = List.copyOf(builder.slots.keySet());
    }

    public static RouteTable of(Plane plane, PolicyObjects objects) {
        return new RouteTable(new Builder(plane, objects));
    }

    /** Finds the rule of a request, without allocating. */
    public RouteDecision match(RequestView request) {
        byte[] bytes = request.bytes();
        int start = request.hostStart();
        int end = request.hostEnd();
        boolean known = false;
        HostRules host = exactHosts.get(bytes, start, end);
        if (host != null) {
            known = true;
            MatchedRule rule = host.first(request);
            if (rule != null) {
                return rule;
            }
        }
        for (int i = start + 1; i < end; i++) {
            if (bytes[i] == '.' && (host = wildcards.get(bytes, i + 1, end)) != null) {
                known = true;
                MatchedRule rule = host.first(request);
                if (rule != null) {
                    return rule;
                }
            }
        }
        MatchedRule rule = anyHost == null ? null : anyHost.first(request);
        if (rule != null) {
            return rule;
        }
        return known ? RouteDecision.Unmatched.NO_MATCH : RouteDecision.Unmatched.UNKNOWN_HOST;
    }

    /** Every rule, each at the index that is its slot. */
    public List<MatchedRule> rules() {
        return rules;
    }

    /** Every destination that a rule names, each at the index that is its slot. */
    public List<Destination> destinations() {
        return destinations;
    }

    private static final class Builder {
        private final Map<String, HostRules.Builder> exactHosts = new HashMap<>();
        private final Map<String, HostRules.Builder> wildcards = new HashMap<>();
        private HostRules.@Nullable Builder anyHost;
        private final List<MatchedRule> rules = new ArrayList<>();
        private final Map<Destination, Integer> slots = new LinkedHashMap<>();
        private final Map<ServiceName, List<AccessRule>> accessRules = new HashMap<>();
        private final Map<ServiceName, ServiceAccess> access = new HashMap<>();

        /** In the mesh a service's short and qualified host are the same. */
        private final Map<String, List<String>> serviceHosts = new HashMap<>();

        private final Map<String, TokenPolicy> tokens;

        private Builder(Plane plane, PolicyObjects objects) {
            tokens = objects.tokens();
            for (AccessRule rule : objects.access()) {
                for (ServiceName service : Set.copyOf(rule.to().services())) {
                    accessRules.computeIfAbsent(service, _ -> new ArrayList<>()).add(rule);
                }
            }
            if (plane == Plane.MESH) {
                for (ServiceName service : objects.services().keySet()) {
                    List<String> hosts = hostsOf(service);
                    hosts.forEach(host -> serviceHosts.put(host, hosts));
                }
            }
            for (Route route : objects.routes()) {
                if (route.at().includes(plane)) {
                    add(route);
                }
            }
            if (plane == Plane.MESH) {
                objects.services().keySet().forEach(this::addOwnRoute);
            }
        }

        private void add(Route route) {
            for (Rule rule : route.rules()) {
                MatchedRule compiled = compile(route.name(), rule);
                rules.add(compiled);
                for (HostRules.Builder host : hosts(route)) {
                    for (Match match : rule.matches()) {
                        host.add(match.path(), new Candidate(match, rule.order(), compiled));
                    }
                }
            }
        }

        private List<HostRules.Builder> hosts(Route route) {
            if (route.hosts().isEmpty()) {
                if (anyHost == null) {
                    anyHost = new HostRules.Builder();
                }
                return List.of(anyHost);
            }
            var builders = new ArrayList<HostRules.Builder>();
            for (HostPattern pattern : route.hosts()) {
                switch (pattern) {
                    case HostPattern.Exact(String host) ->
                            serviceHosts
                                    .getOrDefault(host, List.of(host))
                                    .forEach(name -> builders.add(host(exactHosts, name)));
                    case HostPattern.Wildcard(String suffix) ->
                            builders.add(host(wildcards, suffix));
                }
            }
            return builders.stream().distinct().toList();
        }

        private static HostRules.Builder host(Map<String, HostRules.Builder> hosts, String name) {
            return hosts.computeIfAbsent(name, _ -> new HostRules.Builder());
        }

        private static List<String> hostsOf(ServiceName service) {
            String shortHost = service.toString();
            String qualified = service.qualifiedHost();
            return shortHost.equals(qualified) ? List.of(qualified) : List.of(shortHost, qualified);
        }

        private void addOwnRoute(ServiceName service) {
            List<String> hosts = hostsOf(service);
            if (exactHosts.containsKey(hosts.getFirst())) {
                return;
            }
            var rule =
                    new Rule(
                            "all",
                            Rule.NO_ORDER,
                            List.of(Match.ALL),
                            Action.Forward.to(new Destination(service, null)));
            var patterns = hosts.stream().<HostPattern>map(HostPattern.Exact::new).toList();
            add(
                    new Route(
                            new RouteName("service/" + service),
                            Scope.MESH,
                            patterns,
                            List.of(rule)));
        }

        private MatchedRule compile(RouteName route, Rule rule) {
            return switch (rule.action()) {
                case Action.Forward forward -> compile(route, rule, forward);
                case Action.Redirect redirect ->
                        new CompiledRedirect(
                                rules.size(),
                                route,
                                rule.name(),
                                redirect,
                                PathRewrite.of(redirect.path(), rule.matches()));
            };
        }

        private CompiledRule compile(RouteName route, Rule rule, Action.Forward forward) {
            return new CompiledRule(
                    rules.size(),
                    route,
                    rule.name(),
                    CompiledRewrite.of(forward.rewrite(), rule.matches()),
                    forward.responseHeaders(),
                    forward.timeouts(),
                    forward.filters(),
                    forward.to().stream().map(to -> destination(forward, to)).toList(),
                    forward.to().stream().mapToInt(WeightedDestination::weight).toArray(),
                    forward.sticky() instanceof Sticky.None
                            ? null
                            : new StickySplit(forward.sticky(), forward.to()));
        }

        private CompiledDestination destination(Action.Forward rule, WeightedDestination to) {
            Destination destination = to.destination();
            return new CompiledDestination(
                    destination,
                    slots.computeIfAbsent(destination, _ -> slots.size()),
                    access.computeIfAbsent(destination.service(), this::access),
                    rule.requestHeaders().then(to.requestHeaders()));
        }

        private ServiceAccess access(ServiceName service) {
            return ServiceAccess.to(service, accessRules.getOrDefault(service, List.of()), tokens);
        }

        private Map<String, HostRules> build(Map<String, HostRules.Builder> hosts) {
            var built = new HashMap<String, HostRules>();
            hosts.forEach((name, builder) -> built.put(name, builder.build()));
            return built;
        }
    }
}
