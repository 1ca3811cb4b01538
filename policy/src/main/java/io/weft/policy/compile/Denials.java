// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.access.AccessRule;
import io.weft.policy.access.Effect;
import io.weft.policy.access.Mode;
import io.weft.policy.access.RequiredUser;
import io.weft.policy.access.Targets;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.object.PolicyObject.OfAccess;
import io.weft.policy.request.Sources;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Broken rules that were to deny. One of which no good form is known refuses its targets until it
 * is mended: those that can be read and exist, or every service when it does not say.
 */
final class Denials {

    /** The services of each rule; none for every service. */
    private final Map<ObjectKey, Set<ServiceName>> targets = new TreeMap<>();

    /** Notes an object that cannot be used, in case it is a rule that denies. */
    void note(PolicyObject object) {
        if (object instanceof OfAccess(AccessRule rule)
                && rule.effect() == Effect.DENY
                && rule.mode() == Mode.ENFORCE) {
            note(object.key(), rule.to().services());
        }
    }

    void note(ObjectKey key, Collection<ServiceName> services) {
        targets.merge(key, new TreeSet<>(services), Denials::union);
    }

    private static Set<ServiceName> union(Set<ServiceName> some, Set<ServiceName> others) {
        if (some.isEmpty() || others.isEmpty()) {
            return Set.of();
        }
        var all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    /** Rules to stand in for those that have no form in force. */
    List<PolicyObject> standIns(Forms forms) {
        Set<ServiceName> existing = forms.services().keySet();
        var standIns = new ArrayList<PolicyObject>();
        targets.forEach(
                (key, services) -> {
                    List<ServiceName> refused =
                            (services.isEmpty() ? existing : services)
                                    .stream().filter(existing::contains).sorted().toList();
                    if (forms.get(key) == null && !refused.isEmpty()) {
                        standIns.add(refusing(key.name(), refused));
                    }
                });
        return standIns;
    }

    private static PolicyObject refusing(String name, List<ServiceName> services) {
        return new OfAccess(
                new AccessRule(
                        name,
                        Mode.ENFORCE,
                        Targets.everythingOf(services),
                        Sources.ANY,
                        new RequiredUser.Anyone(),
                        null,
                        Effect.DENY));
    }
}
