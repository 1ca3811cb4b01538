// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.model;

import com.google.re2j.Pattern;
import io.weft.conformance.raw.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** As much of a policy as the suites write: one rule, one access rule. */
record ModelPolicy(
        Pattern paths,
        List<Destination> destinations,
        Edits requestEdits,
        Edits responseEdits,
        Optional<Duration> requestTimeout,
        Optional<Duration> attemptTimeout,
        List<String> methods,
        boolean guarded) {

    /** Where requests go; without a version, to all instances. */
    record Destination(Optional<String> version, int weight, Edits requestEdits) {}

    /** Header edits. */
    record Edits(Map<?, ?> set, Map<?, ?> add, List<?> remove) {

        static final Edits NONE = new Edits(Map.of(), Map.of(), List.of());

        List<Field> applyTo(List<Field> fields) {
            List<Field> edited = new ArrayList<>(fields);
            edited.removeIf(f -> has(set.keySet(), f) || has(remove, f));
            set.forEach((name, value) -> edited.add(new Field("" + name, "" + value)));
            add.forEach((name, value) -> edited.add(new Field("" + name, "" + value)));
            return edited;
        }

        private static boolean has(Iterable<?> names, Field field) {
            for (Object name : names) {
                if (field.name().equalsIgnoreCase("" + name)) {
                    return true;
                }
            }
            return false;
        }
    }

    static ModelPolicy read(String yaml) {
        Map<?, ?> weft =
                map(map(new Load(LoadSettings.builder().build()).loadFromString(yaml)).get("weft"));
        Map<?, ?> rule = first(map(first(map(weft.get("routes"))).get("rules")));
        Map<?, ?> timeout = map(rule.get("timeout"));
        return new ModelPolicy(
                paths(map(map(rule.get("match")).get("path"))),
                destinations(map(rule.get("to"))),
                edits(rule.get("request-headers")),
                edits(rule.get("response-headers")),
                duration(timeout.get("request")),
                duration(timeout.get("attempt")),
                list(map(first(map(weft.get("access"))).get("to")).get("methods")).stream()
                        .map(String::valueOf)
                        .toList(),
                weft.containsKey("tokens"));
    }

    boolean matches(String target) {
        return paths.matches(target.replaceFirst("\\?.*", ""));
    }

    private static Pattern paths(Map<?, ?> path) {
        if (path.containsKey("regex")) {
            return Pattern.compile("" + path.get("regex"));
        }
        String prefix = ("" + path.get("prefix")).replaceFirst("/$", "");
        return Pattern.compile(Pattern.quote(prefix) + "(/.*)?", Pattern.DOTALL);
    }

    boolean allows(String method) {
        return methods.isEmpty() || methods.contains(method);
    }

    private static List<Destination> destinations(Map<?, ?> to) {
        List<Destination> destinations = new ArrayList<>();
        to.forEach(
                (name, value) -> {
                    String[] parts = ("" + name).split("/", 2);
                    Map<?, ?> form = map(value);
                    Object weight = form.isEmpty() ? value : form.get("weight");
                    destinations.add(
                            new Destination(
                                    parts.length > 1 ? Optional.of(parts[1]) : Optional.empty(),
                                    Integer.parseInt("" + weight),
                                    edits(form.get("request-headers"))));
                });
        return destinations;
    }

    private static Edits edits(@Nullable Object value) {
        Map<?, ?> edits = map(value);
        return new Edits(map(edits.get("set")), map(edits.get("add")), list(edits.get("remove")));
    }

    private static Optional<Duration> duration(@Nullable Object value) {
        String text = "" + value;
        if (text.endsWith("ms")) {
            return Optional.of(Duration.ofMillis(Long.parseLong(text.replace("ms", ""))));
        }
        return value == null
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(Long.parseLong(text.replace("s", ""))));
    }

    private static Map<?, ?> first(Map<?, ?> map) {
        return map(map.values().iterator().next());
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
