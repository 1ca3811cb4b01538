// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads the corpus; the notation is explained at the top of its files. */
final class VectorFile {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a.test\r\n";
    private static final String POST = "POST /p HTTP/1.1\r\nHost: a.test\r\n";
    private static final Pattern REPETITION =
            Pattern.compile("<<([0-9]+)\\*(.*?)>>", Pattern.DOTALL);
    private static final Set<String> KEYS =
            Set.of(
                    "id",
                    "note",
                    "raw",
                    "get",
                    "post",
                    "chunks",
                    "target",
                    "host",
                    "expect",
                    "inbound",
                    "upstream",
                    "left-out",
                    "sends",
                    "then",
                    "to",
                    "body",
                    "sound",
                    "lacks");

    private VectorFile() {}

    /** The requests of one file, without those that are left out. */
    static List<Vector> requests(String file) {
        return entries(file).stream()
                .filter(e -> !e.has("left-out"))
                .map(VectorFile::request)
                .toList();
    }

    /** The ids of a file that are left out, with the reason. */
    static Map<String, String> leftOut(String file) {
        Map<String, String> reasons = new TreeMap<>();
        entries(file).stream()
                .filter(entry -> entry.has("left-out"))
                .forEach(entry -> reasons.put(entry.text("id"), entry.text("left-out")));
        return reasons;
    }

    /** The answers of broken upstreams in one file. */
    static List<UpstreamVector> answers(String file) {
        return entries(file).stream().map(VectorFile::answer).toList();
    }

    private static Vector request(Entry entry) {
        Expectation expectation = Expectation.parse(entry.text("expect"));
        return new Vector(
                entry.text("id"),
                entry.textOr("note", ""),
                expanded(input(entry)),
                expectation,
                entry.optional("inbound").map(Expectation::parse).orElse(expectation),
                form(entry.entry("upstream")));
    }

    private static String input(Entry entry) {
        if (entry.has("get")) {
            return GET + entry.text("get") + "\r\n";
        } else if (entry.has("post")) {
            return POST + entry.text("post");
        } else if (entry.has("chunks")) {
            return POST + "Transfer-Encoding: chunked\r\n\r\n" + entry.text("chunks");
        } else if (entry.has("target")) {
            return "GET " + entry.text("target") + " HTTP/1.1\r\nHost: a.test\r\n\r\n";
        } else if (entry.has("host")) {
            return "GET / HTTP/1.1\r\nHost: " + entry.text("host") + "\r\n\r\n";
        }
        return entry.text("raw");
    }

    private static ForwardedForm form(Entry entry) {
        return new ForwardedForm(
                entry.optional("method"),
                entry.texts("target").stream().map(VectorFile::expanded).toList(),
                entry.optional("body"),
                entry.entry("has").texts(),
                entry.texts("lacks"),
                entry.texts("lacks-text"),
                entry.texts("trailers-lack"));
    }

    private static UpstreamVector answer(Entry entry) {
        return new UpstreamVector(
                entry.text("id"),
                entry.textOr("note", ""),
                entry.textOr("to", "GET"),
                expanded(entry.text("sends")),
                UpstreamVector.Then.of(entry.textOr("then", "keep")),
                UpstreamVector.Outcome.parse(entry.text("expect")),
                entry.optional("body"),
                entry.has("sound"),
                entry.texts("lacks"));
    }

    private static String expanded(String text) {
        return REPETITION.matcher(text).replaceAll(VectorFile::repeated);
    }

    private static String repeated(MatchResult found) {
        return Matcher.quoteReplacement(found.group(2).repeat(Integer.parseInt(found.group(1))));
    }

    private static List<Entry> entries(String file) {
        LoadSettings settings = LoadSettings.builder().setLabel(file).build();
        try (InputStream in = VectorFile.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("no such corpus: " + file);
            }
            List<Entry> entries = new ArrayList<>();
            for (Object each : (List<?>) new Load(settings).loadFromInputStream(in)) {
                Entry entry = Entry.of(each);
                entry.refuseOtherKeysThan(KEYS);
                entries.add(entry);
            }
            return entries;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A YAML mapping of texts. */
    private record Entry(Map<String, Object> values) {

        static Entry of(@Nullable Object value) {
            Map<String, Object> values = new TreeMap<>();
            if (value instanceof Map<?, ?> map) {
                map.forEach((k, v) -> values.put(String.valueOf(k), v));
            }
            return new Entry(values);
        }

        void refuseOtherKeysThan(Set<String> known) {
            if (!known.containsAll(values.keySet())) {
                throw new IllegalStateException("unknown key in " + values);
            }
        }

        boolean has(String key) {
            return values.containsKey(key);
        }

        Optional<String> optional(String key) {
            return Optional.ofNullable(values.get(key)).map(String::valueOf);
        }

        String text(String key) {
            return optional(key)
                    .orElseThrow(() -> new IllegalStateException("no " + key + " in " + values));
        }

        String textOr(String key, String other) {
            return optional(key).orElse(other);
        }

        /** One text or a list of them. */
        List<String> texts(String key) {
            Object value = values.get(key);
            if (value instanceof List<?> list) {
                return list.stream().map(String::valueOf).toList();
            }
            return optional(key).stream().toList();
        }

        Entry entry(String key) {
            return of(values.get(key));
        }

        Map<String, String> texts() {
            Map<String, String> texts = new TreeMap<>();
            values.forEach((key, value) -> texts.put(key, String.valueOf(value)));
            return texts;
        }
    }
}
