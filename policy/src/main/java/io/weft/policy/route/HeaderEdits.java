// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import io.weft.policy.request.HeaderName;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes to the header fields of a message (Gateway API, {@code HTTPHeaderFilter}): fields are
 * removed, then set (replacing every field of that name), then added.
 */
public record HeaderEdits(List<Field> set, List<Field> add, List<HeaderName> remove) {

    public static final HeaderEdits NONE = new HeaderEdits(List.of(), List.of(), List.of());

    public HeaderEdits {
        set = List.copyOf(set);
        add = List.copyOf(add);
        remove = List.copyOf(remove);
    }

    public boolean isEmpty() {
        return set.isEmpty() && add.isEmpty() && remove.isEmpty();
    }

    /** These edits, then those: what the later one says about a header wins. */
    public HeaderEdits then(HeaderEdits later) {
        if (later.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return later;
        }
        var overruled = new ArrayList<HeaderName>(later.remove);
        later.set.forEach(field -> overruled.add(field.name));
        var set = new ArrayList<>(this.set);
        set.removeIf(field -> overruled.contains(field.name));
        set.addAll(later.set);
        var add = new ArrayList<>(this.add);
        add.removeIf(field -> overruled.contains(field.name));
        add.addAll(later.add);
        var remove = new ArrayList<>(this.remove);
        remove.addAll(later.remove);
        return new HeaderEdits(set, add, remove);
    }

    /** A field to write. */
    public record Field(HeaderName name, String value) {}
}
