// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.registry;

import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The instances of every service of the policy at one moment.
 *
 * @param revision rises with every change
 */
public record Endpoints(long revision, SortedMap<ServiceName, OfService> byService) {

    public static final Endpoints NONE = new Endpoints(0, Collections.emptySortedMap());

    /**
     * @param revision at which these became the service's instances
     */
    public record OfService(long revision, List<Instance> instances) {
        public OfService {
            instances = List.copyOf(instances);
        }
    }

    public Endpoints {
        byService = Collections.unmodifiableSortedMap(new TreeMap<>(byService));
    }

    /** The next moment; this one, if nothing has changed. */
    Endpoints next(SortedMap<ServiceName, List<Instance>> instances) {
        long next = revision + 1;
        var changed = new TreeMap<ServiceName, OfService>();
        boolean same = byService.keySet().equals(instances.keySet());
        for (Map.Entry<ServiceName, List<Instance>> each : instances.entrySet()) {
            OfService before = byService.get(each.getKey());
            if (before != null && before.instances().equals(each.getValue())) {
                changed.put(each.getKey(), before);
            } else {
                changed.put(each.getKey(), new OfService(next, each.getValue()));
                same = false;
            }
        }
        return same ? this : new Endpoints(next, changed);
    }
}
