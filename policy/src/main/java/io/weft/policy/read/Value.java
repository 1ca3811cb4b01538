// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.document.Node;
import io.weft.policy.document.Node.Mapping;
import io.weft.policy.document.Node.Refused;
import io.weft.policy.document.Node.Scalar;
import io.weft.policy.document.Node.Sequence;
import io.weft.policy.problem.Problem;
import io.weft.policy.problem.Suggestions;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node together with its property path and the place where problems are reported. Every method
 * that reads either returns a sound value or reports why not and throws {@link RefusedException}.
 */
record Value(Node node, String path, Consumer<Problem> problems) {

    /** No zeros in front: whether 010 is eight or ten depends on whom one asks. */
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,17})");

    private static final int MAX_PORT = 65_535;

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Duration LONGEST_DURATION = Duration.ofDays(7);
    private static final Pattern SIZE = Pattern.compile("(0|[1-9][0-9]{0,12})(B|KiB|MiB|GiB)");
    private static final long LARGEST_SIZE = 1L << 40;

    /** An entry of a mapping. */
    record Named(String name, Value key, Value value) {

        /**
         * Reads both, so that the problems of both are found.
         *
         * @param valueReader what it returns makes the result of the key
         */
        <K, T> T read(Function<Value, K> keyReader, Function<Value, Function<K, T>> valueReader) {
            K readKey = null;
            try {
                readKey = keyReader.apply(key);
            } catch (RefusedException e) {
                // Thrown below, when the value's problems are known too.
            }
            Function<K, T> result = valueReader.apply(value);
            if (readKey == null) {
                throw RefusedException.INSTANCE;
            }
            return result.apply(readKey);
        }
    }

    boolean isNothing() {
        return node instanceof Scalar scalar && scalar.isNothing();
    }

    void report(String message, String expected, @Nullable String suggestion) {
        String shown = node instanceof Scalar || node instanceof Refused ? node.shown() : "";
        problems.accept(new Problem(node.at(), path, shown, message, expected, suggestion));
    }

    /** Reports a key that is not there where its mapping begins. */
    void reportMissing(String key) {
        problems.accept(
                new Problem(node.at(), Problem.pathUnder(path, key), "", "missing key", ""));
    }

    RefusedException refuse(String message, String expected) {
        report(message, expected, null);
        return RefusedException.INSTANCE;
    }

    private RefusedException wrongType(String expected) {
        if (node instanceof Refused refused) {
            return refuse(refused.why(), expected);
        }
        return refuse(isNothing() ? "missing value" : "wrong type", expected);
    }

    String text() {
        return text("text");
    }

    String text(String expected) {
        if (node instanceof Scalar scalar && !scalar.isNothing()) {
            return scalar.text();
        }
        throw wrongType(expected);
    }

    /** Text in a form that a parser accepts; it refuses by {@link IllegalArgumentException}. */
    <T> T parsed(Function<String, T> parser, String syntax) {
        String text = text(syntax);
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw refuse("invalid value", syntax);
        }
    }

    int integer(int least, int most) {
        String expected = "a whole number from " + least + " to " + most;
        if (!INTEGER.matcher(text(expected)).matches()) {
            throw refuse("invalid value", expected);
        }
        long number = Long.parseLong(text());
        if (number < least || number > most) {
            throw refuse("out of range", expected);
        }
        return (int) number;
    }

    int port() {
        return integer(1, MAX_PORT);
    }

    /** A duration such as {@code 500ms}, {@code 2s} or {@code 1m}. */
    Duration duration() {
        String expected = "a duration such as 500ms, 2s or 1m, at most 7d";
        Matcher matcher = DURATION.matcher(text(expected));
        if (!matcher.matches()) {
            throw refuse("invalid value", expected);
        }
        long amount = Long.parseLong(matcher.group(1));
        Duration duration =
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                };
        if (duration.compareTo(LONGEST_DURATION) > 0) {
            throw refuse("out of range", expected);
        }
        return duration;
    }

    /** A number of bytes such as {@code 512KiB} or {@code 10MiB}. */
    long size() {
        String expected = "a size such as 512KiB or 10MiB, at most 1024GiB";
        Matcher matcher = SIZE.matcher(text(expected));
        if (!matcher.matches()) {
            throw refuse("invalid value", expected);
        }
        int shift =
                switch (matcher.group(2)) {
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    case "GiB" -> 30;
                    default -> 0;
                };
        long number = Long.parseLong(matcher.group(1));
        if (number > LARGEST_SIZE >> shift) {
            throw refuse("out of range", expected);
        }
        return number << shift;
    }

    /** A point in time such as {@code 2027-01-01T00:00:00Z} (RFC 3339). */
    Instant instant() {
        return parsed(
                text -> {
                    try {
                        return Instant.parse(text);
                    } catch (DateTimeParseException e) {
                        throw new IllegalArgumentException(e);
                    }
                },
                "a point in time such as 2027-01-01T00:00:00Z");
    }

    boolean flag() {
        return switch (text("true or false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refuse("invalid value", "true or false");
        };
    }

    boolean isText(String text) {
        return node instanceof Scalar scalar && scalar.text().equals(text);
    }

    /** A constant, written in lower case. */
    <E extends Enum<E>> E oneOf(Class<E> type) {
        List<String> names =
                Stream.of(type.getEnumConstants())
                        .map(each -> each.name().toLowerCase(Locale.ROOT))
                        .toList();
        String expected = "one of: " + String.join(", ", names);
        String text = text(expected);
        int index = names.indexOf(text);
        if (index < 0) {
            report("unknown value", expected, Suggestions.nearest(text, names));
            throw RefusedException.INSTANCE;
        }
        return type.getEnumConstants()[index];
    }

    /** Every element, or a refusal after all of them were looked at. */
    <T> List<T> list(Function<Value, T> reader) {
        if (!(node instanceof Sequence sequence)) {
            throw wrongType("a list");
        }
        var all = new ArrayList<T>();
        boolean refused = false;
        for (int i = 0; i < sequence.items().size(); i++) {
            try {
                var item = new Value(sequence.items().get(i), path + "[" + i + "]", problems);
                all.add(reader.apply(item));
            } catch (RefusedException e) {
                refused = true;
            }
        }
        if (refused) {
            throw RefusedException.INSTANCE;
        }
        return all;
    }

    /** As {@link #list}, of at least one element. */
    <T> List<T> someOf(Function<Value, T> reader) {
        return nonEmpty(list(reader));
    }

    /** What was read from here, unless it is empty. */
    <T> List<T> nonEmpty(List<T> all) {
        if (all.isEmpty()) {
            throw refuse("empty", "at least one");
        }
        return all;
    }

    /** Every entry, or a refusal after all of them were looked at. */
    <T> List<T> map(Function<Named, T> reader) {
        return List.copyOf(mapByName(reader).values());
    }

    /** As {@link #map}, with the names. */
    <T> Map<String, T> mapByName(Function<Named, T> reader) {
        var all = new LinkedHashMap<String, T>();
        var refusals = new ArrayList<RefusedException>();
        for (Named entry : entries(refusals)) {
            try {
                all.put(entry.name(), reader.apply(entry));
            } catch (RefusedException e) {
                refusals.add(e);
            }
        }
        if (!refusals.isEmpty()) {
            throw RefusedException.INSTANCE;
        }
        return all;
    }

    /**
     * As {@link #map}, for keys of which some are written differently and mean the same.
     *
     * @param meaning what no two entries may have in common
     */
    <T> List<T> mapByMeaning(Function<Named, T> reader, Function<T, ?> meaning) {
        var meanings = new HashSet<Object>();
        return map(
                entry -> {
                    T read = reader.apply(entry);
                    if (!meanings.add(meaning.apply(read))) {
                        throw entry.key().refuse("duplicate key", "no two keys that mean the same");
                    }
                    return read;
                });
    }

    Fields fields() {
        var refusals = new ArrayList<RefusedException>();
        return new Fields(this, entries(refusals), !refusals.isEmpty());
    }

    private List<Named> entries(List<RefusedException> refusals) {
        if (!(node instanceof Mapping mapping)) {
            throw wrongType("a map");
        }
        var all = new ArrayList<Named>();
        var seen = new HashSet<String>();
        for (Node.Entry entry : mapping.entries()) {
            String name = entry.key().text();
            var key = new Value(entry.key(), Problem.pathUnder(path, name), problems);
            if (seen.add(name)) {
                all.add(new Named(name, key, new Value(entry.value(), key.path, problems)));
            } else {
                refusals.add(key.refuse("duplicate key", "each key once"));
            }
        }
        return all;
    }
}
