// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.CpuTime;
import io.weft.policy.Seed;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.PlainRequest;
import io.weft.policy.route.HeaderEdits;
import io.weft.policy.route.HeaderMatch;
import io.weft.policy.route.Match;
import io.weft.policy.route.PathMatch;
import io.weft.policy.route.QueryMatch;
import io.weft.policy.route.RouteName;
import io.weft.policy.route.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CandidatesTest {

    @Test
    void findsEachOfManyTenants() {
        var all = new ArrayList<Candidate>();
        for (int i = 0; i < 200; i++) {
            all.add(candidate(i, null, Map.of("x-tenant", "t" + i), Map.of()));
        }
        Candidates candidates = Candidates.of(all);

        for (int i = 0; i < 200; i++) {
            assertThat(slot(candidates, request("GET", "", "x-tenant", "t" + i))).isEqualTo(i);
        }
        assertThat(slot(candidates, request("GET", "", "x-tenant", "t200"))).isEqualTo(-1);
        assertThat(slot(candidates, request("GET", ""))).isEqualTo(-1);
        assertThat(slot(candidates, request("GET", "", "x-tenant", "t1", "x-tenant", "t1")))
                .isEqualTo(-1);
    }

    @Test
    void agreesWithALinearScan() {
        Random random = Seed.random(CandidatesTest.class);
        int found = 0;
        for (int round = 0; round < 300; round++) {
            // From "all ask for one header" to "hardly any asks for any".
            List<Candidate> all = candidates(random, 200, 1 + round % 5);
            List<Candidate> sorted = all.stream().sorted().toList();
            Candidates candidates = Candidates.of(all);
            for (int i = 0; i < 50; i++) {
                PlainRequest request = request(random);
                int expected =
                        sorted.stream()
                                .filter(each -> each.accepts(request))
                                .findFirst()
                                .map(each -> each.rule().slot())
                                .orElse(-1);
                found += expected < 0 ? 0 : 1;
                assertThat(slot(candidates, request)).isEqualTo(expected);
            }
        }
        assertThat(found).isGreaterThan(3_000);
    }

    @Test
    void growsWithTheNumberOfRulesOnlyHoweverTheyOverlap() {
        // Half of the rules name a header of their own family; copying the others into each branch
        // would need memory beyond any bound.
        var all = new ArrayList<Candidate>();
        for (int i = 0; i < 20_000; i++) {
            int family = Integer.numberOfTrailingZeros(i + 1);
            all.add(candidate(i, null, Map.of("x-family-" + family, "v" + i), Map.of()));
        }
        assertThat(CpuTime.of(() -> Candidates.of(all))).isLessThan(Duration.ofSeconds(5));

        Candidates candidates = Candidates.of(all);
        assertThat(slot(candidates, request("GET", "", "x-family-0", "v18"))).isEqualTo(18);
        assertThat(slot(candidates, request("GET", "", "x-family-3", "v7"))).isEqualTo(7);
    }

    private static List<Candidate> candidates(Random random, int count, int others) {
        var all = new ArrayList<Candidate>();
        for (int i = 0; i < count; i++) {
            Map<String, String> headers = new TreeMap<>();
            if (random.nextInt(others) == 0) {
                headers.put("x-tenant", "t" + random.nextInt(100));
            }
            if (random.nextInt(4) == 0) {
                headers.put("x-region", "r" + random.nextInt(12));
            }
            if (random.nextInt(8) == 0) {
                headers.put("x-flag", "on");
            }
            String method = random.nextInt(3) == 0 ? "GET" : null;
            Map<String, String> query =
                    random.nextInt(3) == 0 ? Map.of("q", "" + random.nextInt(3)) : Map.of();
            all.add(candidate(i, method, headers, query));
        }
        Collections.shuffle(all, random);
        return all;
    }

    private static PlainRequest request(Random random) {
        PlainRequest.Builder request =
                PlainRequest.of(
                        random.nextBoolean() ? "GET" : "PUT", "a.test", "/?q=" + random.nextInt(4));
        if (random.nextInt(5) > 0) {
            request.header("X-Tenant", "t" + random.nextInt(110));
        }
        if (random.nextInt(3) > 0) {
            request.header("x-region", "r" + random.nextInt(14));
        }
        if (random.nextInt(10) == 0) {
            request.header("x-region", "r1");
        }
        if (random.nextInt(3) == 0) {
            request.header("x-flag", "on");
        }
        return request.build();
    }

    private static PlainRequest request(String method, String query, String... headers) {
        PlainRequest.Builder request = PlainRequest.of(method, "a.test", "/?" + query);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.build();
    }

    private static int slot(Candidates candidates, PlainRequest request) {
        MatchedRule rule = candidates.first(request);
        return rule == null ? -1 : rule.slot();
    }

    private static Candidate candidate(
            int slot,
            @Nullable String method,
            Map<String, String> headers,
            Map<String, String> query) {
        var rule =
                new CompiledRule(
                        slot,
                        new RouteName("route"),
                        "rule-%05d".formatted(slot),
                        CompiledRewrite.NONE,
                        HeaderEdits.NONE,
                        Timeouts.NONE,
                        List.of(),
                        List.of(),
                        new int[0],
                        null);
        var match =
                new Match(
                        PathMatch.ANY,
                        method,
                        headers.entrySet().stream()
                                .map(e -> new HeaderMatch(HeaderName.of(e.getKey()), e.getValue()))
                                .toList(),
                        query.entrySet().stream()
                                .map(e -> new QueryMatch(e.getKey(), e.getValue()))
                                .toList());
        return new Candidate(match, slot % 3, rule);
    }
}
