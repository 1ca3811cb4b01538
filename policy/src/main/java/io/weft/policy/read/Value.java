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

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    /** An entry of a mapping. */
    record Named(String name, Value key, Value value) {}

    boolean isNothing() {
        return node instanceof Scalar scalar && scalar.isNothing();
    }

    /** The same place, one key further. */
    Value child(String key) {
        return new Value(node, path + "." + key, problems);
    }

    void report(String message, String expected, @Nullable String suggestion) {
        String shown = node instanceof Scalar || node instanceof Refused ? node.shown() : "";
        problems.accept(new Problem(node.at(), path, shown, message, expected, suggestion));
    }

    RefusedException refuse(String message, String expected) {
        report(message, expected, null);
        return RefusedException.INSTANCE;
    }

    private RefusedException wrongType(String expected) {
        return node instanceof Refused refused
                ? refuse(refused.why(), expected)
                : refuse("wrong type", expected);
    }

    String text() {
        if (node instanceof Scalar scalar && !scalar.isNothing()) {
            return scalar.text();
        }
        throw wrongType("text");
    }

    /** Text in a form that a parser accepts; it refuses by {@link IllegalArgumentException}. */
    <T> T parsed(Function<String, T> parser, String syntax) {
        String text = text();
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw refuse("invalid value", syntax);
        }
    }

    int integer(int least, int most) {
        String expected = "a whole number from " + least + " to " + most;
        if (!(node instanceof Scalar)) {
            throw wrongType(expected);
        }
        int number = parsed(Integer::parseInt, expected);
        if (number < least || number > most) {
            throw refuse("out of range", expected);
        }
        return number;
    }

    /** A duration such as {@code 500ms}, {@code 2s} or {@code 1m}. */
    Duration duration() {
        String expected = "a duration such as 500ms, 2s or 1m";
        if (!(node instanceof Scalar)) {
            throw wrongType(expected);
        }
        Matcher matcher = DURATION.matcher(text());
        if (!matcher.matches()) {
            throw refuse("invalid value", expected);
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** A constant, written in lower case. */
    <E extends Enum<E>> E oneOf(Class<E> type) {
        List<String> names =
                Stream.of(type.getEnumConstants())
                        .map(each -> each.name().toLowerCase(Locale.ROOT))
                        .toList();
        String expected = "one of: " + String.join(", ", names);
        if (!(node instanceof Scalar scalar)) {
            throw wrongType(expected);
        }
        int index = names.indexOf(scalar.text());
        if (index < 0) {
            report("unknown value", expected, Suggestions.nearest(scalar.text(), names));
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

    /** Every entry, or a refusal after all of them were looked at. */
    <T> Map<String, T> map(Function<Named, T> reader) {
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
            var key = new Value(entry.key(), path + "." + name, problems);
            if (seen.add(name)) {
                all.add(new Named(name, key, new Value(entry.value(), key.path, problems)));
            } else {
                refusals.add(key.refuse("duplicate key", "each key once"));
            }
        }
        return all;
    }
}
