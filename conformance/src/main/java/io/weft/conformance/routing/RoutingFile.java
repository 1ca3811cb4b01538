// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.routing;

import io.weft.conformance.routing.RoutingRow.Form;
import io.weft.conformance.routing.RoutingRow.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads rows; the notation is explained at the top of their files. */
final class RoutingFile {

    private static final Set<String> ROW = Set.of("test", "feature", "routes", "ask", "not-yet");
    private static final List<String> METHODS =
            List.of("get", "head", "post", "put", "patch", "delete", "options");
    private static final Set<String> PROBE =
            Set.of(
                    "host",
                    "headers",
                    "to",
                    "status",
                    "location",
                    "response",
                    "upstream",
                    "target",
                    "shares",
                    "body",
                    "chunks",
                    "copies",
                    "copy-shares");

    private RoutingFile() {}

    static List<RoutingRow> rows(String file) {
        LoadSettings settings = LoadSettings.builder().setLabel(file).build();
        try (InputStream in = RoutingFile.class.getResourceAsStream(file)) {
            Object all = new Load(settings).loadFromInputStream(Objects.requireNonNull(in, file));
            return ((List<?>) all).stream().map(each -> row(map(each))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RoutingRow row(Map<String, Object> row) {
        refuseOthers(row, ROW);
        return new RoutingRow(
                text(row, "test").orElseThrow(),
                text(row, "feature").orElse("HTTPRoute"),
                text(row, "routes").orElse(""),
                list(row.get("ask")).stream().map(each -> probe(map(each))).toList(),
                text(row, "not-yet"));
    }

    private static Probe probe(Map<String, Object> probe) {
        String method =
                METHODS.stream()
                        .filter(probe::containsKey)
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no method in " + probe));
        var rest = new LinkedHashMap<>(probe);
        rest.remove(method);
        refuseOthers(rest, PROBE);
        Optional<String> to = text(probe, "to");
        return new Probe(
                method.toUpperCase(Locale.ROOT),
                text(probe, "host").orElse("a.test"),
                text(probe, method).orElseThrow(),
                texts(probe.get("headers")),
                to,
                text(probe, "status").map(Integer::valueOf).orElse(200),
                list(probe.get("location")).stream().map(String::valueOf).toList(),
                form(probe.get("response")),
                form(probe.get("upstream")),
                text(probe, "target"),
                shares(probe.get("shares")),
                text(probe, "body").or(() -> text(probe, "chunks")),
                probe.containsKey("chunks"),
                list(probe.get("copies")).stream().map(String::valueOf).toList(),
                shares(probe.get("copy-shares")));
    }

    private static Map<String, Integer> shares(@Nullable Object value) {
        var shares = new LinkedHashMap<String, Integer>();
        map(value).forEach((name, share) -> shares.put(name, Integer.valueOf(share.toString())));
        return shares;
    }

    private static Form form(@Nullable Object value) {
        Map<String, Object> form = map(value);
        refuseOthers(form, Set.of("has", "lacks"));
        return new Form(
                texts(form.get("has")),
                list(form.get("lacks")).stream().map(String::valueOf).toList());
    }

    private static void refuseOthers(Map<String, Object> map, Set<String> known) {
        if (!known.containsAll(map.keySet())) {
            throw new IllegalStateException("unknown key in " + map);
        }
    }

    private static Optional<String> text(Map<String, Object> map, String key) {
        return Optional.ofNullable(map.get(key)).map(String::valueOf);
    }

    /** One value or a list of them. */
    private static List<?> list(@Nullable Object value) {
        return value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
    }

    private static Map<String, Object> map(@Nullable Object value) {
        var map = new LinkedHashMap<String, Object>();
        if (value instanceof Map<?, ?> given) {
            given.forEach((key, each) -> map.put(String.valueOf(key), (Object) each));
        }
        return map;
    }

    private static Map<String, String> texts(@Nullable Object value) {
        var texts = new LinkedHashMap<String, String>();
        map(value).forEach((key, each) -> texts.put(key, String.valueOf(each)));
        return texts;
    }
}
