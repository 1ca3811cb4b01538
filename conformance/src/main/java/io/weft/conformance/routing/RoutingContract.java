// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.proxy.Endpoint;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import io.weft.conformance.proxy.TestPolicies;
import io.weft.conformance.raw.Fields;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Wire;
import io.weft.conformance.routing.RoutingRow.Form;
import io.weft.conformance.routing.RoutingRow.Probe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * The rows of the Gateway API's conformance tests about routes, through one proxy: at the edge, and
 * out of a workload, from the same files.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
public abstract class RoutingContract {

    private static final List<RoutingRow> ROWS = RoutingFile.rows("rows.yml");
    private static final List<RoutingRow> OWN_ROWS = RoutingFile.rows("own-rows.yml");

    /** As in the Gateway API: 500 requests, and five points to either side. */
    private static final int MANY = 500;

    private static final int POINTS = 5;
    private static final int USERS = 1_000;

    /** What is answered for somebody who was asked and did not answer in time. */
    private static final int GIVEN_UP = 504;

    private final Map<String, RecordingUpstream> upstreams = new LinkedHashMap<>();
    private final Map<Boolean, Integer> passed = new HashMap<>();
    private ProxyUnderTest proxy;

    /** Starts a proxy; the suite closes it. */
    protected abstract ProxyUnderTest start(ProxySpec spec) throws Exception;

    @BeforeAll
    final void startAll() throws Exception {
        var endpoints = new HashMap<String, List<Endpoint>>();
        for (String name : TestPolicies.BACKENDS) {
            RecordingUpstream upstream = RecordingUpstream.start(name, ToldEcho::serve);
            upstreams.put(name, upstream);
            endpoints.put(name, List.of(Endpoint.of(upstream)));
        }
        proxy = start(new ProxySpec(TestPolicies.routing("{}"), endpoints, Map.of()));
    }

    @AfterAll
    final void stopAll() throws IOException {
        proxy.close();
        for (RecordingUpstream each : upstreams.values()) {
            each.close();
            assertThat(each.failures()).as("failures of the fixture itself").isEmpty();
        }
        for (boolean mesh : new boolean[] {false, true}) {
            System.out.printf(
                    "Gateway API through %s: %d of %d rows of %s passed%n",
                    proxy.plane(),
                    passed.getOrDefault(mesh, 0),
                    ROWS.stream().filter(row -> row.isOfMesh() == mesh).count(),
                    mesh ? "Mesh" : "HTTPRoute");
        }
    }

    @TestFactory
    protected Stream<DynamicTest> rows() {
        return ROWS.stream()
                .map(
                        row ->
                                DynamicTest.dynamicTest(
                                        row.test(),
                                        () -> {
                                            judge(row);
                                            passed.merge(row.isOfMesh(), 1, Integer::sum);
                                        }));
    }

    /** What routes can do beyond the Gateway API. */
    @TestFactory
    protected Stream<DynamicTest> ownRows() {
        return OWN_ROWS.stream().map(row -> DynamicTest.dynamicTest(row.test(), () -> judge(row)));
    }

    private void judge(RoutingRow row) throws IOException {
        Assumptions.assumeTrue(
                !row.isOfMesh() || proxy.plane() == Plane.OUTBOUND, "asked of agents alone");
        Assumptions.assumeTrue(row.exception().isEmpty(), row.exception().orElse(""));
        proxy.updatePolicy(TestPolicies.routing(row.routes()));
        for (Probe probe : row.probes()) {
            upstreams.values().forEach(RecordingUpstream::forget);
            if (probe.shares().isEmpty()) {
                judge(probe);
            } else {
                judgeShares(probe);
            }
        }
    }

    private void judge(Probe probe) throws IOException {
        RawResponse response;
        try (RawClient client = RawClient.connect(proxy.address())) {
            response = client.exchange(request(probe));
        }
        assertThat(response.status()).as("status of %s", probe).isEqualTo(probe.status());
        assertThat(response.header("x-upstream"))
                .as("who answered %s", probe)
                .isEqualTo(probe.to());
        if (!probe.locations().isEmpty()) {
            assertThat(response.header("location"))
                    .as("where %s is sent", probe)
                    .hasValueSatisfying(each -> assertThat(each).isIn(probe.locations()));
        }
        assertHas(probe + ": answer", response.head().fields(), probe.response());
        List<RecordedRequest> seen = new ArrayList<>();
        upstreams.values().forEach(each -> seen.addAll(each.requests()));
        boolean reached = probe.to().isPresent() || probe.status() == GIVEN_UP;
        assertThat(seen).as("requests that %s caused", probe).hasSize(reached ? 1 : 0);
        for (RecordedRequest each : seen) {
            assertThat(each.departures()).isEmpty();
            assertHas(probe + ": request", each.head().fields(), probe.upstream());
            probe.target()
                    .ifPresent(
                            target ->
                                    assertThat(each.target())
                                            .as("target of %s", probe)
                                            .isEqualTo(target));
        }
    }

    /** 70/30/0, while the policy is put in force again and again. */
    @Test
    protected void splitsWhileThePolicyIsReloaded() throws Exception {
        String policy =
                TestPolicies.routing("one: { rules: { all: { to: { v1: 70, v2: 30, v3: 0 } } } }");
        proxy.updatePolicy(policy);
        upstreams.values().forEach(RecordingUpstream::forget);
        var over = new AtomicBoolean();
        try (var beside = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> reloads = beside.submit(() -> reload(policy, over));
            try {
                judgeShares(split(Map.of("v1", 70, "v2", 30)));
            } finally {
                over.set(true);
            }
            assertThat(reloads.get()).isPositive();
        }
    }

    private int reload(String policy, AtomicBoolean over) throws Exception {
        int reloads = 0;
        while (!over.get()) {
            proxy.updatePolicy(policy);
            reloads++;
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return reloads;
    }

    /** 1,000 users, ten requests each: one version for each, and a share that grows moves few. */
    @Test
    protected void sendsEachUserToOneVersion() throws Exception {
        Map<Integer, String> before = versionsOfUsers(80, 20, 10);
        Map<Integer, String> after = versionsOfUsers(70, 30, 2);
        assertThat(share("v2", before)).isBetween(17.0, 23.0);
        assertThat(share("v2", after)).isBetween(27.0, 33.0);
        before.forEach(
                (user, version) -> {
                    if (version.equals("v2")) {
                        assertThat(after).containsEntry(user, "v2");
                    }
                });
    }

    private Map<Integer, String> versionsOfUsers(int one, int two, int requests)
            throws IOException {
        proxy.updatePolicy(
                TestPolicies.routing(
                        "one: { rules: { all: { sticky: 'cookie:session', to: { v1: %d, v2: %d } } } }"
                                .formatted(one, two)));
        var versions = new HashMap<Integer, String>();
        try (RawClient client = RawClient.connect(proxy.address())) {
            for (int i = 0; i < requests * USERS; i++) {
                int user = i % USERS;
                String request =
                        Wire.head("GET / HTTP/1.1", "Host: a.test", "Cookie: a=b; session=" + user);
                String version = client.exchange(request).header("x-upstream").orElseThrow();
                assertThat(versions.merge(user, version, (first, _) -> first)).isEqualTo(version);
            }
        }
        return versions;
    }

    private static double share(String version, Map<Integer, String> users) {
        return 100.0 * users.values().stream().filter(version::equals).count() / users.size();
    }

    private static Probe split(Map<String, Integer> shares) {
        var none = new Form(Map.of(), List.of());
        return new Probe(
                "GET",
                "a.test",
                "/",
                Map.of(),
                Optional.empty(),
                200,
                List.of(),
                none,
                none,
                Optional.empty(),
                shares);
    }

    private static void assertHas(String what, Fields fields, Form form) {
        form.has()
                .forEach(
                        (name, value) ->
                                assertThat(String.join(",", fields.all(name)))
                                        .as("%s, %s", what, name)
                                        .isEqualTo(value));
        for (String name : form.lacks()) {
            assertThat(fields.all(name)).as("%s, %s", what, name).isEmpty();
        }
    }

    /** What has no share gets nothing at all, and every request is answered. */
    private void judgeShares(Probe probe) throws IOException {
        var counts = new HashMap<String, Integer>();
        try (RawClient client = RawClient.connect(proxy.address())) {
            for (int i = 0; i < MANY; i++) {
                RawResponse response = client.exchange(request(probe));
                assertThat(response.status()).isEqualTo(200);
                String to = response.header("x-upstream").orElseThrow();
                counts.merge(to, 1, Integer::sum);
                if (probe.upstream().has().containsKey("Backend")) {
                    assertThat(response.header("x-echo-backend")).hasValue(to);
                }
            }
        }
        for (String name : upstreams.keySet()) {
            int share = probe.shares().getOrDefault(name, 0);
            int count = counts.getOrDefault(name, 0);
            if (share == 0) {
                assertThat(count).as("requests to %s", name).isZero();
            } else {
                assertThat(count * 100.0 / MANY)
                        .as("percent of requests to %s", name)
                        .isBetween(share - (double) POINTS, share + (double) POINTS);
            }
        }
    }

    private static String request(Probe probe) {
        var request =
                new StringBuilder(probe.method())
                        .append(' ')
                        .append(probe.path())
                        .append(" HTTP/1.1\r\nHost: ")
                        .append(probe.host())
                        .append("\r\n");
        probe.headers().forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
        if (probe.method().equals("POST") || probe.method().equals("PUT")) {
            request.append("Content-Length: 0\r\n");
        }
        return request.append("\r\n").toString();
    }
}
