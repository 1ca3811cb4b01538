// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.conformance.load.LoadClient;
import io.weft.conformance.load.LoadPlan;
import io.weft.conformance.load.LoadReport;
import io.weft.conformance.load.LoadRun;
import io.weft.conformance.proxy.Endpoint;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import io.weft.conformance.proxy.TestPolicies;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Script;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What every proxy does with ordinary traffic. A host says in {@link #start} how its proxy is
 * started; what it cannot do yet it overrides as a disabled test with the reason. The tests are in
 * the classes above, one for each subject; this one has what policy decides.
 */
public abstract class ForwardingContract extends FailureCases {

    private static final double RATE = 200;

    @Test
    protected void bringsEverythingToItsApplication() throws IOException {
        Assumptions.assumeTrue(proxy.plane() == Plane.INBOUND, "only inbound has an application");
        for (String host : new String[] {"a.test", "other.test", "127.0.0.1:80", "[::1]"}) {
            RawResponse response = client().exchange(Wire.head("GET /x HTTP/1.1", "Host: " + host));
            assertThat(response.status()).isEqualTo(200);
            assertThat(upstream.requests().getLast().header("Host")).contains(host);
        }
    }

    @Test
    protected void editsFieldsAsTheRouteSays() throws IOException {
        onlyWhereRoutesApply();
        upstream.answerWith(
                Scripts.text(200, "", "X-Set: theirs", "X-Add: theirs", "X-Remove: theirs"));
        proxy.updatePolicy(
                TestPolicies.toApp(
                        """
                        request-headers: { set: { x-set: ours }, add: { x-add: ours }, remove: [x-remove] },
                        response-headers: { set: { x-set: ours }, add: { x-add: ours }, remove: [x-remove] },
                        to: { app/v1: { weight: 1, request-headers: { set: { x-version: one } } } }\
                        """));
        RawResponse response =
                client().exchange(
                                request(
                                        "GET",
                                        "/",
                                        "X-Set: theirs",
                                        "x-set: again",
                                        "X-Add: theirs",
                                        "X-REMOVE: theirs",
                                        "X-Other: theirs"));
        RecordedRequest seen = upstream.requests().getFirst();

        assertThat(seen.head().fields().all("X-Set")).containsExactly("ours");
        assertThat(seen.head().fields().all("X-Add")).containsExactly("theirs", "ours");
        assertThat(seen.head().fields().all("X-Remove")).isEmpty();
        assertThat(seen.head().fields().all("X-Other")).containsExactly("theirs");
        assertThat(seen.head().fields().all("X-Version")).containsExactly("one");
        assertThat(seen.departures()).isEmpty();
        assertThat(response.head().fields().all("X-Set")).containsExactly("ours");
        assertThat(response.head().fields().all("X-Add")).containsExactly("theirs", "ours");
        assertThat(response.head().fields().all("X-Remove")).isEmpty();
    }

    @Test
    protected void splitsByWeight() throws IOException {
        onlyWhereRoutesApply();
        instances(upstream, upstream("v2", Scripts.echo()));

        proxy.updatePolicy(TestPolicies.toApp("to: { app/v1: 100, app/v2: 0 }"));
        assertThat(versions(300)).containsOnlyKeys("v1");
        proxy.updatePolicy(TestPolicies.toApp("to: { app/v1: 0, app/v2: 5 }"));
        assertThat(versions(300)).containsOnlyKeys("v2");
        // Six standard deviations around 750 of 1000.
        proxy.updatePolicy(TestPolicies.toApp("to: { app/v1: 75, app/v2: 25 }"));
        assertThat(versions(1000).get("v1")).isBetween(667, 833);
    }

    /** Which version answered how many of so many requests, ten on each connection. */
    private Map<String, Integer> versions(int requests) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < requests / 10; i++) {
            try (RawClient client = RawClient.connect(proxy.address())) {
                for (int j = 0; j < 10; j++) {
                    counts.merge(version(client.exchange(get("/"))), 1, Integer::sum);
                }
            }
        }
        return counts;
    }

    private static String version(RawResponse response) {
        return response.header("X-Upstream").orElse("status " + response.status());
    }

    @Test
    protected void refusesWhatHasNoRoute() throws IOException {
        onlyWhereRoutesApply();
        proxy.updatePolicy(TestPolicies.onlyBelow("/orders"));
        RawClient client = client();

        assertThat(client.exchange(get("/orders/42")).status()).isEqualTo(200);
        ProblemDocument.assertIn(client.exchange(get("/ordersx")), 404, "no-route");
        ProblemDocument.assertIn(client.exchange(get("/")), 404, "no-route");
        RawResponse unknown = client.exchange(Wire.head("GET / HTTP/1.1", "Host: b.test"));
        ProblemDocument.assertIn(unknown, unknown.status() == 421 ? 421 : 404, "no-route");
        assertThat(client.exchange(get("/orders")).status()).isEqualTo(200);
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    protected void refusesWhatNobodyMayDo() throws IOException {
        assumeTrue(proxy.plane() != Plane.OUTBOUND, "the agent of the callee decides");
        proxy.updatePolicy(TestPolicies.readOnly());
        RawClient client = client();

        assertThat(client.exchange(get("/")).status()).isEqualTo(200);
        RawResponse denied = client.exchange(post("hello"));
        ProblemDocument.assertIn(denied, 403, "denied");
        assertThat(denied.text()).doesNotContain("readers");
        assertThat(client().exchange(get("/")).status()).isEqualTo(200);
        assertThat(upstream.requests()).noneMatch(request -> request.method().equals("POST"));
    }

    @Test
    protected void losesNothingWhenThePolicyChanges() throws IOException {
        onlyWhereRoutesApply();
        instances(upstream, upstream("v2", Scripts.echo()));
        LoadRun load = closing(LoadClient.start(load()));
        for (int i = 0; i < 10; i++) {
            int version = 1 + i % 2;
            proxy.updatePolicy(TestPolicies.toApp("to: { app/v" + version + ": 100 }"));
            RawClient client = client();
            for (int j = 0; j < 5; j++) {
                assertThat(version(client.exchange(get("/")))).isEqualTo("v" + version);
            }
            awaitMore(load, 40);
        }
        assertNothingLost(load.stop());
    }

    @Test
    protected void losesNothingWhenAnInstanceGoes() throws IOException {
        onlyWhereRoutesApply();
        Script unhurried =
                exchange -> {
                    TimeUnit.MILLISECONDS.sleep(50);
                    Scripts.echo().serve(exchange);
                };
        RecordingUpstream leaving = upstream("v2", unhurried);
        upstream.answerWith(unhurried);
        instances(upstream, leaving);
        LoadRun load = closing(LoadClient.start(load()));
        await().until(() -> !leaving.requests().isEmpty() && !upstream.requests().isEmpty());

        instances(upstream);
        awaitMore(load, 40);
        int last = leaving.requests().size();
        awaitMore(load, 100);
        assertThat(leaving.requests()).as("requests after the instance left").hasSize(last);
        assertNothingLost(load.stop());
        assertThat(leaving.requests()).allMatch(RecordedRequest::complete);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () ->
                                assertThat(leaving.connections())
                                        .allMatch(connection -> connection.ending().isPresent()));
    }

    @Test
    protected void finishesWhatIsUnderWayWhenItDrains() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        upstream.answerWith(
                exchange -> {
                    answer.await();
                    Scripts.echo().serve(exchange);
                });
        ProxyUnderTest leaving =
                closing(start(ProxySpec.of(TestPolicies.open(), Endpoint.versioned(upstream))));
        RawClient idle = closing(RawClient.connect(leaving.address()));
        RawClient busy = closing(RawClient.connect(leaving.address()));
        busy.write(get("/busy"));
        await().until(() -> !upstream.requests().isEmpty());
        leaving.drain();
        idle.awaitEnd();
        answer.countDown();

        RawResponse response = busy.readResponse("GET");
        assertThat(response.header("X-Echo-Target")).contains("/busy");
        busy.awaitEnd();
    }

    private LoadPlan load() {
        return LoadPlan.get(proxy.address(), RATE, "/load", "Host: " + proxy.authority());
    }

    private static void awaitMore(LoadRun load, int answers) {
        long wanted = load.report().answered() + answers;
        await().until(() -> load.report().answered() >= wanted);
    }

    private static void assertNothingLost(LoadReport report) {
        assertThat(report.failed()).as(report.toString()).isZero();
        assertThat(report.answered(200)).as(report.toString()).isEqualTo(report.sent());
    }
}
