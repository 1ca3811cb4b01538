// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weft.dataplane.Seed;
import io.weft.dataplane.failure.Flag;
import io.weft.policy.access.Effect;
import io.weft.policy.access.Mode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TrafficTest {

    private static final Pattern SAMPLE =
            Pattern.compile(
                    "([a-z_:][a-z0-9_:]*)(?:\\{((?:[a-z_]+=\"(?:[^\"\\\\\\n]|\\\\[\\\\n\"])*\",?)*)})?"
                            + " (\\S+)");

    private final Traffic traffic = new Traffic("mesh", 3);
    private final PrometheusRegistry registry = new PrometheusRegistry();

    TrafficTest() {
        registry.register(traffic);
    }

    private Series series(String route) {
        return traffic.series(new SeriesKey(SeriesKey.SOURCE, "client", "orders", "v1", route));
    }

    /** The lines of a scrape that carry a value, each of them valid. */
    private List<Matcher> samples() {
        return new Exposition(registry)
                .scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(
                        line -> {
                            Matcher matcher = SAMPLE.matcher(line);
                            assertThat(matcher.matches()).as(line).isTrue();
                            return matcher;
                        })
                .toList();
    }

    private double sum(String name) {
        return samples().stream()
                .filter(each -> each.group(1).equals(name))
                .mapToDouble(each -> Double.parseDouble(each.group(3)))
                .sum();
    }

    @Test
    void everyRequestIsCountedOnceWhateverItWas() {
        Random random = Seed.random(TrafficTest.class);
        Method[] methods = Method.values();
        Flag[] flags = Flag.values();
        for (int i = 0; i < 20_000; i++) {
            // More combinations than there is room for.
            series("r" + random.nextInt(3))
                    .record(
                            random.nextInt(3),
                            methods[random.nextInt(methods.length)],
                            100 + random.nextInt(900),
                            flags[random.nextInt(flags.length)],
                            random.nextLong(20_000_000_000L));
        }
        assertThat(sum("weft_requests_total")).isEqualTo(20_000);
        assertThat(sum("weft_request_duration_seconds_count")).isEqualTo(20_000);
    }

    @Test
    void bucketsAreCumulativeAndTheLastOneHoldsAll() {
        Series series = series("r");
        for (double bound : Series.BOUNDS) {
            series.record(0, Method.GET, 200, Flag.OK, Math.round(bound * 1e9));
            series.record(1, Method.GET, 200, Flag.OK, Math.round(bound * 1e9) + 1);
        }
        List<Double> buckets =
                samples().stream()
                        .filter(each -> each.group(1).endsWith("_bucket"))
                        .map(each -> Double.parseDouble(each.group(3)))
                        .toList();

        assertThat(buckets).isSorted().hasSize(Series.BOUNDS.length + 1);
        assertThat(buckets.getFirst()).as("a bound belongs to its bucket").isEqualTo(1);
        assertThat(buckets.getLast())
                .isEqualTo(2.0 * Series.BOUNDS.length)
                .isEqualTo(sum("weft_request_duration_seconds_count"));
        assertThat(samples()).anySatisfy(each -> assertThat(each.group()).contains("le=\"+Inf\""));
    }

    @Test
    void scrapesAreWellFormedWhateverNamesThereAre() {
        series("a \"route\"\\with\nall").record(0, Method.GET, 200, Flag.OK, 1);
        traffic.decisions("a \"rule\"", Effect.DENY, Mode.ENFORCE).increment();
        String text = new Exposition(registry).scrape();

        Map<String, String> types = new HashMap<>();
        var helped = new HashSet<String>();
        text.lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.split(" ", 4))
                .forEach(
                        words -> {
                            if (words[1].equals("TYPE")) {
                                assertThat(types.put(words[2], words[3])).isNull();
                            } else {
                                assertThat(helped.add(words[2])).isTrue();
                            }
                        });
        assertThat(types)
                .containsEntry("weft_requests_total", "counter")
                .containsEntry("weft_decisions_total", "counter")
                .containsEntry("weft_request_duration_seconds", "histogram");
        assertThat(helped).isEqualTo(types.keySet());
        assertThat(text).endsWith("\n").contains("route=\"a \\\"route\\\"\\\\with\\nall\"");
        assertThat(samples()).isNotEmpty();
    }

    @Test
    void theNumberOfSeriesIsBounded() {
        for (int i = 0; i < 3_000; i++) {
            series("r" + i).record(0, Method.GET, 200, Flag.OK, 1);
        }
        List<String> requests =
                new Exposition(registry)
                        .scrape()
                        .lines()
                        .filter(each -> each.startsWith("weft_requests_total{"))
                        .toList();

        assertThat(requests)
                .hasSizeLessThan(2_100)
                .anyMatch(each -> each.contains("route=\"other\"") && each.endsWith(" 1000.0"));
    }
}
