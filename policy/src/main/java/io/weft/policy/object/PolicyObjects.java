// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.object;

import io.weft.policy.access.AccessRule;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.object.PolicyObject.OfAccess;
import io.weft.policy.object.PolicyObject.OfRoute;
import io.weft.policy.object.PolicyObject.OfService;
import io.weft.policy.object.PolicyObject.OfToken;
import io.weft.policy.object.PolicyObject.Reference;
import io.weft.policy.route.Route;
import io.weft.policy.service.Service;
import io.weft.policy.token.TokenPolicy;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** A whole policy: every reference in it resolves, or it would not exist. */
public final class PolicyObjects {

    public static final PolicyObjects EMPTY = new PolicyObjects(TrustDomain.DEFAULT, List.of());

    private final TrustDomain trustDomain;
    private final SortedMap<ObjectKey, PolicyObject> byKey;
    private final SortedMap<ServiceName, Service> services;
    private final List<Route> routes;
    private final SortedMap<String, TokenPolicy> tokens;
    private final List<AccessRule> access;

    /**
     * @throws IllegalArgumentException when a reference does not resolve or a name occurs twice
     */
    public PolicyObjects(TrustDomain trustDomain, Collection<? extends PolicyObject> objects) {
        this.trustDomain = trustDomain;
        var byKey = new TreeMap<ObjectKey, PolicyObject>();
        for (PolicyObject object : objects) {
            if (byKey.put(object.key(), object) != null) {
                throw new IllegalArgumentException(object.key() + " occurs twice");
            }
        }
        this.byKey = Collections.unmodifiableSortedMap(byKey);
        var services = new TreeMap<ServiceName, Service>();
        all(OfService.class, OfService::service).forEach(each -> services.put(each.name(), each));
        this.services = Collections.unmodifiableSortedMap(services);
        this.routes = all(OfRoute.class, OfRoute::route);
        var tokens = new TreeMap<String, TokenPolicy>();
        all(OfToken.class, OfToken::token).forEach(each -> tokens.put(each.name(), each));
        this.tokens = Collections.unmodifiableSortedMap(tokens);
        this.access = all(OfAccess.class, OfAccess::rule);
        var referable = new Referable(services, tokens.keySet());
        for (PolicyObject object : byKey.values()) {
            for (Reference reference : object.references()) {
                if (!referable.has(reference)) {
                    throw new IllegalArgumentException(
                            object.key() + " refers to " + reference + ", which does not exist");
                }
            }
        }
    }

    private <O extends PolicyObject, T> List<T> all(Class<O> type, Function<O, T> content) {
        return byKey.values().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .map(content)
                .toList();
    }

    public TrustDomain trustDomain() {
        return trustDomain;
    }

    /** Every object, by kind and name. */
    public SortedMap<ObjectKey, PolicyObject> byKey() {
        return byKey;
    }

    public SortedMap<ServiceName, Service> services() {
        return services;
    }

    /** In the order of their names. */
    public List<Route> routes() {
        return routes;
    }

    public SortedMap<String, TokenPolicy> tokens() {
        return tokens;
    }

    /** In the order of their names. */
    public List<AccessRule> access() {
        return access;
    }
}
