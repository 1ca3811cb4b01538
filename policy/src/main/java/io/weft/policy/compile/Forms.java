// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.object.PolicyObject.OfService;
import io.weft.policy.service.Service;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The form of each object that is in force: the one just read, or else the last good one. */
final class Forms {

    private final Good lastGood;
    private final Map<ObjectKey, PolicyObject> inForce = new TreeMap<>();
    private final Set<ObjectKey> kept = new TreeSet<>();

    Forms(Good lastGood) {
        this.lastGood = lastGood;
    }

    void put(PolicyObject object) {
        inForce.put(object.key(), object);
    }

    /** Returns an object to its last good form, or drops it when there is none. */
    void keep(ObjectKey key) {
        PolicyObject last = lastGood.objects().byKey().get(key);
        if (last == null || lastGood.standIns().contains(key)) {
            inForce.remove(key);
        } else {
            inForce.put(key, last);
            kept.add(key);
        }
    }

    /** The name of the document that declared the last good form of an object, if there is one. */
    String lastDocument(ObjectKey key) {
        return lastGood.documents().getOrDefault(key, "");
    }

    @Nullable PolicyObject get(ObjectKey key) {
        return inForce.get(key);
    }

    /** Those in their last good form. */
    Set<ObjectKey> kept() {
        return Collections.unmodifiableSet(kept);
    }

    Collection<PolicyObject> all() {
        return Collections.unmodifiableCollection(inForce.values());
    }

    /** Those in the form just read. */
    List<PolicyObject> fresh() {
        return inForce.values().stream().filter(each -> !kept.contains(each.key())).toList();
    }

    /** The names of the kinds of token as they are now. */
    Set<String> tokens() {
        return inForce.keySet().stream()
                .filter(key -> key.kind() == ObjectKind.TOKENS)
                .map(ObjectKey::name)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** The services as they are now. */
    Map<ServiceName, Service> services() {
        var services = new HashMap<ServiceName, Service>();
        for (PolicyObject object : inForce.values()) {
            if (object instanceof OfService(Service service)) {
                services.put(service.name(), service);
            }
        }
        return services;
    }
}
