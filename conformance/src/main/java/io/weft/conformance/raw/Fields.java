// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The fields of one message in the order in which they came; names ignore case. */
public record Fields(List<Field> lines) implements Iterable<Field> {

    public static final Fields NONE = new Fields(List.of());

    public Fields {
        lines = List.copyOf(lines);
    }

    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    public List<String> all(String name) {
        return lines.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    public boolean has(String name) {
        return first(name).isPresent();
    }

    @Override
    public Iterator<Field> iterator() {
        return lines.iterator();
    }

    @Override
    public String toString() {
        return lines.stream().map(Field::toString).collect(Collectors.joining("\n"));
    }
}
