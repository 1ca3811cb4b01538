// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.settings;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/** The names of all settings, from the record that holds them. */
final class KnownKeys {

    private KnownKeys() {}

    static List<String> all() {
        var keys = new ArrayList<String>();
        collect(GatewaySettings.PREFIX, GatewaySettings.class, keys);
        return keys;
    }

    private static void collect(String prefix, Class<?> type, List<String> keys) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
            if (component.getType().isRecord()) {
                collect(key, component.getType(), keys);
            } else {
                keys.add(key);
            }
        }
    }
}
