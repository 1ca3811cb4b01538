// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import io.weft.conformance.load.Answer;
import io.weft.conformance.load.LoadPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Five thousand routes, of which ten change each second: requests go where they should, and cost
 * what they cost while nothing changes.
 */
final class RoutesDrill implements Drill {

    private static final int ROUTES = 5_000;
    private static final int FILES = 50;
    private static final double RATE = 2_000;
    private static final int CYCLES = 5;
    private static final int SECONDS = 5;
    private static final int UPDATE_MILLIS = 100;
    private static final double MOST = 1.05;
    private static final String QUIET = "quiet";
    private static final String CONTROL = "quiet, again";
    private static final String CHANGING = "10 changes/s";
    private static final String ROUTE = "x-route";

    private final AtomicInteger updates = new AtomicInteger();
    private final AtomicLong wrong = new AtomicLong();

    @Override
    public boolean run(Path root) throws Exception {
        var findings = new Findings("routes: " + ROUTES + ", ten of them changed each second");
        try (var stack = new Stack(root)) {
            stack.policy(OrdersPolicy.FILE, OrdersPolicy.weights(1, 0));
            for (int file = 0; file < FILES; file++) {
                stack.policy(file(file), routes(file, 0));
            }
            stack.startControlPlane();
            stack.startInstance("orders", "v1", "orders-v1");
            Stack.Agent client = stack.startClient("client");
            stack.startEdge();
            var outbound =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), client.outbound());
            drill(stack, "agent", outbound, "orders", stack.pid("client"), findings);
            drill(stack, "edge", stack.edge(), "shop.example", stack.pid("edge"), findings);
        }
        return findings.end();
    }

    private void drill(
            Stack stack,
            String where,
            InetSocketAddress target,
            String host,
            long pid,
            Findings findings)
            throws IOException, InterruptedException {
        LoadPlan plan =
                LoadPlan.get(target, RATE, "/", "Host: " + host)
                        .withConnections(2_000)
                        .withRequests(number -> request(number, host));
        Steady.reach(plan);
        wrong.set(0);
        updates.set(0);
        var slices = new Slices(plan, this::judge, pid, SECONDS);
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            slices.add(QUIET);
            changing(stack, slices);
            slices.add(CONTROL);
        }
        findings.note(where + ": changes", updates.toString());
        findings.check(where + ": wrong answers", wrong + "", "0", wrong.get() == 0);
        findings.check(where + ": failed", slices.failed() + "", "0", slices.failed() == 0);
        slices.checkCpu(findings, CHANGING, QUIET, MOST);
        slices.checkLatency(findings, CHANGING, QUIET, CONTROL);
    }

    private void changing(Stack stack, Slices slices) throws IOException, InterruptedException {
        try (var beside = Executors.newSingleThreadScheduledExecutor()) {
            beside.scheduleAtFixedRate(
                    () -> change(stack), 0, UPDATE_MILLIS, TimeUnit.MILLISECONDS);
            slices.add(CHANGING);
            beside.shutdownNow();
        }
    }

    private void change(Stack stack) {
        int update = updates.incrementAndGet();
        int file = update % FILES;
        try {
            stack.policy(file(file), routes(file, update));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] request(long number, String host) {
        return "GET /r%d/x HTTP/1.1\r\nHost: %s\r\n\r\n"
                .formatted(number * 7919 % ROUTES, host)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The service answers with the path that it was asked for, the route with its own. */
    private void judge(Answer answer) {
        String expected = "/" + answer.header(ROUTE).orElse("none") + "/x";
        if (!answer.body().strip().equals(expected)) {
            wrong.incrementAndGet();
        }
    }

    private static String file(int file) {
        return "routes-%02d.yml".formatted(file);
    }

    /** A hundred routes, of which the first says how often it was changed. */
    private static String routes(int file, int change) {
        var yaml = new StringBuilder("weft:\n  routes:\n");
        int first = file * (ROUTES / FILES);
        for (int i = first; i < first + ROUTES / FILES; i++) {
            String changed = i == first ? ", x-change: '" + change + "'" : "";
            for (String at : List.of("edge", "mesh")) {
                String hosts = at.equals("mesh") ? " hosts: [orders]," : "";
                yaml.append(
                        "    r%d-%s: { at: %s,%s rules: { all: { match: { path: { prefix: /r%d } }, to: { orders/v1: 1 }, response-headers: { set: { x-route: r%d%s } } } } }%n"
                                .formatted(i, at, at, hosts, i, i, changed));
            }
        }
        return yaml.toString();
    }
}
