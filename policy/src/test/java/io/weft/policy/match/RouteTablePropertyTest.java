// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.Seed;
import io.weft.policy.TestObjects;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.match.NaiveMatcher.Asked;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.request.PlainRequest;
import io.weft.policy.request.Plane;
import io.weft.policy.request.RequestView;
import io.weft.policy.route.CookieMatch;
import io.weft.policy.route.HeaderMatch;
import io.weft.policy.route.QueryMatch;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteTablePropertyTest {

    private static final List<String> ADDRESSES =
            List.of("10.1.2.3", "10.9.9.9", "192.0.2.7", "2001:db8::1", "2001:db9::1");

    @Test
    void agreesWithTheDesignTakenLiterally() {
        Random random = Seed.random(RouteTablePropertyTest.class);
        var generated = new TestObjects(random);
        Map<Boolean, Integer> matched = new TreeMap<>();
        for (int round = 0; round < 1_500; round++) {
            var all = new ArrayList<PolicyObject>(generated.services());
            all.addAll(generated.routes(round % 3 == 0 ? 20 : 5));
            var objects = new PolicyObjects(TrustDomain.DEFAULT, all);
            Plane plane = Seed.oneOf(random, List.of(Plane.values()));
            RouteTable table = RouteTable.of(plane, objects);
            var naive = new NaiveMatcher(plane, objects);
            for (int i = 0; i < 40; i++) {
                Asked asked = ask(random, generated, plane);
                String expected = naive.match(asked);
                matched.merge(expected.contains("/"), 1, Integer::sum);
                assertThat(table.match(request(random, asked), asked.caller()).toString())
                        .as(() -> plane + ": " + asked + " on " + objects.routes())
                        .isEqualTo(expected);
            }
        }
        assertThat(matched.values()).as("with and without a match").allMatch(n -> n > 3_000);
    }

    private static Asked ask(Random random, TestObjects generated, Plane plane) {
        return new Asked(
                generated.method(),
                Seed.oneOf(random, TestObjects.HOSTS),
                generated.port(),
                Seed.oneOf(random, TestObjects.PATHS),
                IntStream.range(0, random.nextInt(4)).mapToObj(_ -> generated.parameter()).toList(),
                IntStream.range(0, random.nextInt(4)).mapToObj(_ -> generated.header()).toList(),
                IntStream.range(0, random.nextInt(4)).mapToObj(_ -> generated.cookie()).toList(),
                plane == Plane.EDGE ? ServiceName.GATEWAY : generated.service(),
                Seed.oneOf(random, ADDRESSES));
    }

    private static PlainRequest request(Random random, Asked asked) {
        String query =
                asked.query().stream()
                        .map(RouteTablePropertyTest::encoded)
                        .collect(Collectors.joining("&"));
        PlainRequest.Builder request =
                PlainRequest.of(
                        asked.method(),
                        asked.host() + port(random, asked.port()),
                        asked.path() + (query.isEmpty() ? "" : "?" + query));
        for (HeaderMatch header : asked.headers()) {
            String name = header.name().toString();
            request.header(
                    random.nextBoolean() ? name : name.toUpperCase(Locale.ROOT), header.value());
        }
        // In one field, or in several as HTTP/2 has it.
        String field = "";
        for (CookieMatch cookie : asked.cookies()) {
            String pair = cookie.name() + "=" + cookie.value();
            if (!field.isEmpty() && random.nextBoolean()) {
                field += "; " + pair;
            } else {
                if (!field.isEmpty()) {
                    request.header("Cookie", field);
                }
                field = pair;
            }
        }
        if (!field.isEmpty()) {
            request.header("cookie", field);
        }
        return request.build();
    }

    private static String port(Random random, int port) {
        return port == RequestView.DEFAULT_PORT && random.nextBoolean() ? "" : ":" + port;
    }

    private static String encoded(QueryMatch parameter) {
        String name = URLEncoder.encode(parameter.name(), StandardCharsets.UTF_8);
        String value = URLEncoder.encode(parameter.value(), StandardCharsets.UTF_8);
        return value.isEmpty() && name.length() == 1 ? name : name + "=" + value;
    }
}
