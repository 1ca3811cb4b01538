// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent.settings;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The names of all settings, from the record that holds them. */
final class KnownKeys {

    private KnownKeys() {}

    static List<String> all() {
        var keys = new ArrayList<String>();
        collect(AgentSettings.PREFIX, AgentSettings.class, keys);
        return keys;
    }

    private static void collect(String prefix, Class<?> type, List<String> keys) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = prefix + "." + kebab(component.getName());
            if (component.getType().isRecord()) {
                collect(key, component.getType(), keys);
            } else {
                keys.add(key);
            }
        }
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
