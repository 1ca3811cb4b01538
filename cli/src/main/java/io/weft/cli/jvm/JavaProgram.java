// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.jvm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A jar and the JVM options that it is always run with, for a cache made under other options is
 * refused.
 *
 * @param name the module's name
 */
public record JavaProgram(String name, Path jar, List<String> options) {

    private static final List<String> ALWAYS =
            List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseCompactObjectHeaders");

    public JavaProgram {
        options = List.copyOf(options);
    }

    /** The command line, with more JVM options. */
    public List<String> words(List<String> more) {
        List<String> words = new ArrayList<>();
        words.add(java().toString());
        words.addAll(ALWAYS);
        words.addAll(options);
        words.addAll(more);
        words.addAll(List.of("-jar", jar.toString()));
        return words;
    }

    /** Spring's properties as environment variables: {@code a.b-c} is {@code A_BC}. */
    public static Map<String, String> environment(Map<String, String> properties) {
        return properties.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                property -> variable(property.getKey()),
                                Map.Entry::getValue,
                                (a, b) -> b,
                                TreeMap::new));
    }

    private static String variable(String property) {
        return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }
}
