// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.Seed;
import io.weft.policy.request.HeaderName;
import io.weft.policy.route.HeaderEdits.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeaderEditsTest {

    private static final List<HeaderName> NAMES =
            List.of(HeaderName.of("a"), HeaderName.of("b"), HeaderName.of("c"));

    @Test
    void editsOneAfterTheOtherAreTheSameAsBothTogether() {
        Random random = Seed.random(HeaderEditsTest.class);
        for (int i = 0; i < 20_000; i++) {
            HeaderEdits rule = edits(random);
            HeaderEdits destination = edits(random);
            List<Field> message = fields(random);

            assertThat(byName(apply(rule.then(destination), message)))
                    .as("%s then %s on %s", rule, destination, message)
                    .isEqualTo(byName(apply(destination, apply(rule, message))));
        }
    }

    @Test
    void nothingChangesNothing() {
        HeaderEdits edits = edits(new Random(1));

        assertThat(HeaderEdits.NONE.isEmpty()).isTrue();
        assertThat(HeaderEdits.NONE.then(edits)).isSameAs(edits);
        assertThat(edits.then(HeaderEdits.NONE)).isSameAs(edits);
    }

    /** Removed, then set, then added, as the Javadoc of the edits says. */
    private static List<Field> apply(HeaderEdits edits, List<Field> message) {
        var result = new ArrayList<>(message);
        result.removeIf(field -> edits.remove().contains(field.name()));
        for (Field set : edits.set()) {
            result.removeIf(field -> field.name().equals(set.name()));
            result.add(set);
        }
        result.addAll(edits.add());
        return result;
    }

    /** The order of fields matters only among those of one name. */
    private static Map<HeaderName, List<String>> byName(List<Field> message) {
        var byName = new LinkedHashMap<HeaderName, List<String>>();
        for (Field field : message) {
            byName.computeIfAbsent(field.name(), _ -> new ArrayList<>()).add(field.value());
        }
        return byName;
    }

    private static HeaderEdits edits(Random random) {
        return new HeaderEdits(
                fields(random).stream()
                        .collect(
                                LinkedHashMap<HeaderName, Field>::new,
                                (all, field) -> all.put(field.name(), field),
                                Map::putAll)
                        .values()
                        .stream()
                        .toList(),
                fields(random),
                IntStream.range(0, random.nextInt(3))
                        .mapToObj(_ -> Seed.oneOf(random, NAMES))
                        .toList());
    }

    private static List<Field> fields(Random random) {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(_ -> new Field(Seed.oneOf(random, NAMES), "" + random.nextInt(100)))
                .toList();
    }
}
