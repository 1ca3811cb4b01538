// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import io.weft.conformance.load.LoadClient;
import io.weft.conformance.load.LoadReport;
import io.weft.conformance.load.LoadRun;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The control plane is killed under traffic: nothing fails. An agent is restarted meanwhile: it
 * serves from its last good policy within two seconds. The control plane comes back, with a change
 * made in between: everybody follows within two seconds of its being there.
 */
final class ControlPlaneDrill implements Drill {

    private static final double RATE = 500;

    /** A gateway that has just started compiles on every core there is, for so long. */
    private static final Duration SETTLED = Duration.ofSeconds(20);

    private static final Duration RESTART = Duration.ofSeconds(2);
    private static final Duration CONVERGENCE = Duration.ofSeconds(2);

    @Override
    public boolean run(Path root) throws Exception {
        var findings = new Findings("control-plane: killed and back under traffic");
        try (var stack = new Stack(root)) {
            stack.policy(OrdersPolicy.FILE, OrdersPolicy.weights(100, 0));
            stack.startControlPlane();
            stack.trainAgents();
            stack.startInstance("orders", "v1", "orders-v1");
            stack.startInstance("orders", "v2", "orders-v2");
            Stack.Agent client = stack.startClient("client");
            stack.startEdge();
            drill(stack, client, findings);
        }
        return findings.end();
    }

    private static void drill(Stack stack, Stack.Agent client, Findings findings)
            throws IOException, InterruptedException {
        var secondVersion = new AtomicLong();
        var plan = Steady.plan(stack.edge(), RATE, "shop.example");
        Steady.reach(plan);
        try (LoadRun load =
                LoadClient.start(
                        plan,
                        answer -> {
                            if (answer.header(DrillApp.VERSION).orElse("").equals("v2")) {
                                secondVersion.compareAndSet(0, System.nanoTime());
                            }
                        })) {
            TimeUnit.SECONDS.sleep(SETTLED.toSeconds());
            stack.kill("control-plane");
            TimeUnit.SECONDS.sleep(2);
            restartAgent(stack, client, findings);
            // A change that nobody can hear of yet.
            stack.policy(OrdersPolicy.FILE, OrdersPolicy.weights(0, 100));
            TimeUnit.SECONDS.sleep(2);
            findings.check(
                    "while it is away: answers of the version that only the file knows",
                    secondVersion.get() == 0 ? "none" : "some",
                    "none",
                    secondVersion.get() == 0);
            comeBack(stack, client, secondVersion, findings);
            TimeUnit.SECONDS.sleep(1);
            report(load.stop(), findings);
        }
    }

    private static void restartAgent(Stack stack, Stack.Agent client, Findings findings)
            throws IOException, InterruptedException {
        stack.kill(client.name());
        long restarted = System.nanoTime();
        stack.restart(client.name());
        boolean serves = Stack.await(Duration.ofSeconds(20), () -> calls(client).startsWith("v1"));
        Duration taken = Duration.ofNanos(System.nanoTime() - restarted);
        findings.check(
                "agent killed and started meanwhile: serves again after",
                serves ? taken.toMillis() + " ms" : "never",
                "at most " + RESTART.toMillis() + " ms",
                serves && taken.compareTo(RESTART) <= 0);
    }

    private static void comeBack(
            Stack stack, Stack.Agent client, AtomicLong secondVersion, Findings findings)
            throws IOException {
        stack.restartControlPlane();
        long back = System.nanoTime();
        boolean edge = Stack.await(Duration.ofSeconds(20), () -> secondVersion.get() != 0);
        boolean agent = Stack.await(Duration.ofSeconds(20), () -> calls(client).startsWith("v2"));
        Duration taken = Duration.ofNanos(System.nanoTime() - back);
        findings.check(
                "back: edge and restarted agent follow the change after",
                edge && agent ? taken.toMillis() + " ms" : "never",
                "at most " + CONVERGENCE.toMillis() + " ms",
                edge && agent && taken.compareTo(CONVERGENCE) <= 0);
    }

    /** Calls orders through an agent; the version that answered, or why none did. */
    private static String calls(Stack.Agent client) {
        var proxy =
                new Proxy(
                        Proxy.Type.HTTP,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), client.outbound()));
        try {
            var connection =
                    (HttpURLConnection)
                            URI.create("http://orders/orders/42").toURL().openConnection(proxy);
            connection.setConnectTimeout(200);
            connection.setReadTimeout(1_000);
            try {
                String version = connection.getHeaderField(DrillApp.VERSION);
                return version == null ? "status " + connection.getResponseCode() : version;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void report(LoadReport load, Findings findings) {
        long bad = load.failed() + load.answered() - load.answered(200);
        findings.check("failed of " + load.sent() + " requests", bad + "", "0", bad == 0);
        load.samples().forEach(sample -> findings.note("failure", sample));
    }
}
