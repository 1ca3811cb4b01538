// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import io.netty.buffer.ByteBuf;
import io.weft.configserver.publish.Changes;
import io.weft.configserver.publish.Publication;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.Protections;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A snapshot or a delta in which everybody is told the same services and routes, and each workload
 * the access rules and tokens that its proxies need. What is for all is encoded once, and the rest
 * once for all who need the same.
 */
final class PolicyMessage {

    private final Line head;
    private final Line restOfOthers;
    private final Map<ServiceName, Line> rests = new HashMap<>();

    /**
     * What is there for the proxies of some workloads only.
     *
     * @param told the names of objects
     * @param forgotten the names of objects that they have been told of and need no more
     */
    record Own(List<ObjectKey> told, List<ObjectKey> forgotten) {
        static final Own NOTHING = new Own(List.of(), List.of());
    }

    private PolicyMessage(Pieces pieces, Map<ServiceName, Own> owners) {
        this.head = new Line(pieces::head);
        this.restOfOthers = new Line(() -> pieces.rest(Own.NOTHING));
        var lines = new HashMap<Own, Line>(Map.of(Own.NOTHING, restOfOthers));
        owners.forEach(
                (workload, own) -> {
                    var rest = lines.computeIfAbsent(own, _ -> new Line(() -> pieces.rest(own)));
                    rests.put(workload, rest);
                });
    }

    /** A whole policy, up to where its endpoints follow. */
    static PolicyMessage snapshot(Publication publication, Protections protections) {
        var objects = publication.objects();
        var owners = new HashMap<ServiceName, Own>();
        for (ServiceName workload : protections.workloads()) {
            Set<ObjectKey> all = protections.neededBy(workload);
            owners.put(workload, new Own(List.copyOf(all), List.of()));
        }
        return new PolicyMessage(
                new Pieces.OfSnapshot(
                        publication.version(), objects, common(objects.byKey().keySet())),
                owners);
    }

    /** What makes of a policy the next. */
    static PolicyMessage delta(
            Publication before, Protections were, Publication after, Protections are) {
        var changes = Changes.between(before.objects(), after.objects());
        var fresh = new HashSet<>(changes.added());
        fresh.addAll(changes.changed());
        var owners = new HashMap<ServiceName, Own>();
        // What nobody touched cannot have come to concern somebody else.
        if (common(fresh).size() < fresh.size()
                || common(changes.removed()).size() < changes.removed().size()) {
            for (ServiceName workload : union(were.workloads(), are.workloads())) {
                var own = own(were.neededBy(workload), are.neededBy(workload), fresh);
                owners.put(workload, own);
            }
        }
        return new PolicyMessage(
                new Pieces.OfDelta(
                        before.version(),
                        after.version(),
                        after.objects(),
                        common(fresh),
                        common(changes.removed())),
                owners);
    }

    private static Own own(Set<ObjectKey> before, Set<ObjectKey> after, Set<ObjectKey> fresh) {
        return new Own(
                after.stream()
                        .filter(each -> fresh.contains(each) || !before.contains(each))
                        .toList(),
                before.stream().filter(each -> !after.contains(each)).toList());
    }

    private static Set<ServiceName> union(Set<ServiceName> some, Set<ServiceName> others) {
        var all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }

    private static List<ObjectKey> common(Collection<ObjectKey> names) {
        return names.stream().filter(each -> !Protections.includes(each)).sorted().toList();
    }

    /** Adds what a proxy of this workload is told. */
    void addTo(List<ByteBuf> messages, ServiceName workload) {
        messages.add(head.bytes());
        messages.add(rests.getOrDefault(workload, restOfOthers).bytes());
    }
}
