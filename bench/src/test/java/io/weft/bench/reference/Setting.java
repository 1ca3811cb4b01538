// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.reference;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A setting, from the metadata that Spring's processor writes into a module's jar.
 *
 * @param type as a Java type without packages, or the values of an enumeration
 * @param initial what it is unless set; empty for nothing
 */
record Setting(String name, String type, String initial, String description) {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    /** Every setting of every module on the class path, by name. */
    static List<Setting> all() {
        var all = new ArrayList<Setting>();
        try {
            ClassLoader loader = Setting.class.getClassLoader();
            for (URL file : Collections.list(loader.getResources(METADATA))) {
                try (InputStream json = file.openStream()) {
                    JsonMapper.shared()
                            .readTree(json)
                            .path("properties")
                            .forEach(property -> all.add(of(property)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.stream()
                .filter(setting -> setting.name.startsWith("weft."))
                .sorted(Comparator.comparing(Setting::name))
                .toList();
    }

    private static Setting of(JsonNode property) {
        return new Setting(
                property.path("name").asString(),
                type(property.path("type").asString()),
                property.path("defaultValue").asString("").replaceAll("^\\[(.*)]$", "$1"),
                property.path("description").asString("").replaceAll("\\{@code ([^}]*)}", "$1"));
    }

    private static String type(String name) {
        return name.startsWith("io.weft.")
                ? written(name)
                : name.replaceAll("(\\w+[.$])+(\\w+)", "$2").replace(",", ", ");
    }

    /** A type of ours: one of its constants, or a text that it reads. */
    private static String written(String name) {
        try {
            Object[] constants = Class.forName(name).getEnumConstants();
            return constants == null ? "String" : "one of " + list(constants);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String list(Object[] constants) {
        return Stream.of(constants)
                .map(each -> each.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
    }
}
