// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.object;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.PolicyObject.OfAccess;
import io.weft.policy.object.PolicyObject.Reference;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The access rules and tokens of a policy, by who decides with them. The proxies of a workload
 * decide who may call it: they need the rules about it and the tokens that these name. The edge
 * decides about all services. Services and routes are no protections; callers go by them.
 */
public final class Protections {

    private final Map<ServiceName, SortedSet<ObjectKey>> byWorkload;

    private Protections(Map<ServiceName, SortedSet<ObjectKey>> byWorkload) {
        this.byWorkload = byWorkload;
    }

    public static Protections of(PolicyObjects objects) {
        var byWorkload = new HashMap<ServiceName, SortedSet<ObjectKey>>();
        var all = new TreeSet<>(objects.byKey().keySet());
        all.removeIf(key -> !includes(key));
        byWorkload.put(ServiceName.GATEWAY, all);
        for (PolicyObject object : objects.byKey().values()) {
            if (object instanceof OfAccess access) {
                Set<ObjectKey> needed = withTokens(access);
                for (ServiceName service : access.rule().to().services()) {
                    byWorkload.computeIfAbsent(service, _ -> new TreeSet<>()).addAll(needed);
                }
            }
        }
        return new Protections(byWorkload);
    }

    private static Set<ObjectKey> withTokens(OfAccess access) {
        var names = new HashSet<ObjectKey>();
        names.add(access.key());
        for (Reference reference : access.references()) {
            if (reference instanceof Reference.ToToken(String token)) {
                names.add(new ObjectKey(ObjectKind.TOKENS, token));
            }
        }
        return names;
    }

    /** Whether an object of this name is a protection. */
    public static boolean includes(ObjectKey key) {
        return key.kind() == ObjectKind.ACCESS || key.kind() == ObjectKind.TOKENS;
    }

    /** The names of what the proxies of a workload decide with; the edge is {@code gateway}. */
    public SortedSet<ObjectKey> neededBy(ServiceName workload) {
        return Collections.unmodifiableSortedSet(
                byWorkload.getOrDefault(workload, Collections.emptySortedSet()));
    }

    /** The workloads whose proxies have something to decide with. */
    public Set<ServiceName> workloads() {
        return Collections.unmodifiableSet(byWorkload.keySet());
    }
}
