// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import io.weft.conformance.load.LoadPlan;
import io.weft.conformance.raw.Exchange;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A second at the edge, of which a first service uses 700 ms before it calls a second one, which
 * needs 500 ms: the client is answered when the second is over, and the second service knows how
 * much is left, and is given up in time.
 */
final class DeadlineDrill implements Drill {

    /** What everything is warmed up by: JVMs that have just started compile while they serve. */
    private static final String QUICK = "/quick";

    private static final double QUICK_RATE = 200;
    private static final int WARM_UP = 10;
    private static final int ROUNDS = 20;
    private static final Duration BUDGET = Duration.ofSeconds(1);
    private static final Duration USED = Duration.ofMillis(700);
    private static final Duration NEEDED = Duration.ofMillis(500);
    private static final Duration TOLERANCE = Duration.ofMillis(50);
    private static final String DEADLINE = "x-weft-deadline";

    private static final String POLICY =
            """
            weft:
              services: { storefront: , orders: }
              routes:
                edge:
                  at: edge
                  rules:
                    all: { to: { storefront: 1 }, timeout: { request: 1s } }
              access:
                edge: { to: { services: [storefront] }, from: { workloads: [gateway] }, effect: allow }
                mesh: { to: { services: [orders] }, from: { workloads: [storefront] }, effect: allow }
            """;

    private final List<Duration> left = new CopyOnWriteArrayList<>();
    private final List<Duration> givenUpAfter = new CopyOnWriteArrayList<>();
    private volatile int outbound;

    @Override
    public boolean run(Path root) throws Exception {
        var findings =
                new Findings("deadlines: 1 s at the edge, 700 ms in storefront, 500 ms in orders");
        try (var stack = new Stack(root);
                var storefront = RecordingUpstream.start("storefront", this::storefront);
                var orders = RecordingUpstream.start("orders", this::orders)) {
            stack.policy("deadlines.yml", POLICY);
            stack.startControlPlane();
            outbound =
                    stack.startAgent("storefront", "v1", "storefront", port(storefront)).outbound();
            stack.startAgent("orders", "v1", "orders", port(orders));
            stack.startEdge();
            Steady.reach(
                    LoadPlan.get(stack.edge(), QUICK_RATE, QUICK, "Host: shop.example"),
                    Duration.ofMillis(20));
            ask(stack.edge(), WARM_UP);
            Stack.await(Duration.ofSeconds(5), () -> givenUpAfter.size() == WARM_UP);
            left.clear();
            givenUpAfter.clear();
            List<Duration> times = ask(stack.edge(), ROUNDS);
            Stack.await(Duration.ofSeconds(5), () -> givenUpAfter.size() == ROUNDS);
            report(findings, times);
        }
        return findings.end();
    }

    private static int port(RecordingUpstream app) {
        return app.address().getPort();
    }

    private static List<Duration> ask(InetSocketAddress edge, int times) throws IOException {
        var taken = new ArrayList<Duration>();
        try (RawClient client = RawClient.connect(edge)) {
            for (int i = 0; i < times; i++) {
                long start = System.nanoTime();
                RawResponse response =
                        client.exchange(Wire.head("GET / HTTP/1.1", "Host: shop.example"));
                taken.add(Duration.ofNanos(System.nanoTime() - start));
                if (response.status() != 504) {
                    throw new IOException("expected: 504, was: " + response);
                }
            }
        }
        return taken;
    }

    private void storefront(Exchange exchange) throws IOException, InterruptedException {
        String target = exchange.head().target();
        if (!target.equals(QUICK)) {
            TimeUnit.NANOSECONDS.sleep(USED.toNanos());
        }
        String deadline = exchange.head().fields().first(DEADLINE).orElseThrow();
        var agent = new InetSocketAddress(InetAddress.getLoopbackAddress(), outbound);
        try (RawClient client = RawClient.connect(agent)) {
            RawResponse response =
                    client.exchange(
                            Wire.head(
                                    "GET " + target + " HTTP/1.1",
                                    "Host: orders",
                                    DEADLINE + ": " + deadline));
            exchange.answer(response.status(), "");
        }
    }

    private void orders(Exchange exchange) throws IOException {
        if (exchange.head().target().equals(QUICK)) {
            exchange.answer(200, "at once");
            return;
        }
        long deadline = Long.parseLong(exchange.head().fields().first(DEADLINE).orElseThrow());
        left.add(Duration.ofMillis(deadline - System.currentTimeMillis()));
        long start = System.nanoTime();
        if (exchange.awaitPeerGone(NEEDED).isPresent()) {
            givenUpAfter.add(Duration.ofNanos(System.nanoTime() - start));
        } else {
            exchange.answer(200, "too late");
        }
    }

    private void report(Findings findings, List<Duration> times) {
        findings.check(
                "client: answered with 504 after, least and most of " + ROUNDS,
                span(times),
                "1000 ms +- 50 ms",
                within(times, BUDGET));
        findings.check(
                "orders: is told that so much is left, least and most",
                span(left),
                "about 300 ms",
                left.size() == ROUNDS && within(left, BUDGET.minus(USED)));
        findings.check(
                "orders: sees that it is given up, of " + ROUNDS,
                givenUpAfter.size() + " after " + span(givenUpAfter),
                "all, after about 300 ms",
                givenUpAfter.size() == ROUNDS && within(givenUpAfter, BUDGET.minus(USED)));
    }

    private static String span(List<Duration> all) {
        return all.isEmpty()
                ? "-"
                : "%d-%d ms"
                        .formatted(
                                Collections.min(all).toMillis(), Collections.max(all).toMillis());
    }

    private static boolean within(List<Duration> all, Duration expected) {
        return all.stream().allMatch(each -> each.minus(expected).abs().compareTo(TOLERANCE) <= 0);
    }
}
