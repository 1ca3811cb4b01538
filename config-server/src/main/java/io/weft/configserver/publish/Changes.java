// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.publish;

import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.object.PolicyObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** How one policy differs from another, by the names of its objects. */
public record Changes(List<ObjectKey> added, List<ObjectKey> changed, List<ObjectKey> removed) {

    private static final int NAMES_SHOWN = 8;

    public Changes {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    public static Changes between(PolicyObjects before, PolicyObjects after) {
        SortedMap<ObjectKey, PolicyObject> old = before.byKey();
        var added = new ArrayList<ObjectKey>();
        var changed = new ArrayList<ObjectKey>();
        for (Map.Entry<ObjectKey, PolicyObject> each : after.byKey().entrySet()) {
            PolicyObject earlier = old.get(each.getKey());
            if (earlier == null) {
                added.add(each.getKey());
            } else if (!earlier.equals(each.getValue())) {
                changed.add(each.getKey());
            }
        }
        List<ObjectKey> removed =
                old.keySet().stream().filter(key -> !after.byKey().containsKey(key)).toList();
        return new Changes(added, changed, removed);
    }

    public boolean isEmpty() {
        return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }

    /** One line for people: {@code 1 added (routes/shop), 2 removed (…)}. */
    @Override
    public String toString() {
        var parts = new ArrayList<String>();
        describe("added", added, parts);
        describe("changed", changed, parts);
        describe("removed", removed, parts);
        return parts.isEmpty() ? "same objects" : String.join(", ", parts);
    }

    private static void describe(String what, List<ObjectKey> keys, List<String> parts) {
        if (!keys.isEmpty()) {
            String names =
                    String.join(
                            " ",
                            keys.stream().limit(NAMES_SHOWN).map(ObjectKey::toString).toList());
            String more = keys.size() > NAMES_SHOWN ? " …" : "";
            parts.add(keys.size() + " " + what + " (" + names + more + ")");
        }
    }
}
