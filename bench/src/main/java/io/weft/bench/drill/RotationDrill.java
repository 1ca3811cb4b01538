// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import io.weft.conformance.load.AnswerListener;
import io.weft.conformance.load.LoadClient;
import io.weft.conformance.load.LoadReport;
import io.weft.conformance.load.LoadRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Certificates of two minutes for everybody in the shop, under traffic: the issuing certificate is
 * changed, then the root; the auth service is restarted, then killed and away for half a minute. No
 * request fails, and in the end nothing that is in use hangs on the old root.
 */
final class RotationDrill implements Drill {

    private static final double RATE = 200;

    private static final int SHOWN = 12;
    private static final Duration CARRIED = Duration.ofSeconds(1);
    private static final Duration LEAF_LIFE = Duration.ofMinutes(2);
    private static final Duration OVERLAP = Duration.ofSeconds(20);
    private static final Duration AWAY = Duration.ofSeconds(30);

    /** The old root stays as long as the last leaf under it, whatever its owner's clock says. */
    private static final Duration ROOT_GONE =
            OVERLAP.plus(LEAF_LIFE).plusSeconds(60).plusSeconds(20);

    private static final double ISSUER_CHANGES = 0.15;
    private static final double ROOT_CHANGES = 0.35;
    private static final double RESTART = 0.55;
    private static final double KILL = 0.7;

    private final Duration length;

    /**
     * @param length of the traffic, at least three minutes
     */
    RotationDrill(Duration length) {
        this.length = length;
    }

    @Override
    public boolean run(Path root) throws Exception {
        var findings =
                new Findings(
                        "rotation: leaves of %d min, %d min of %.0f requests/s"
                                .formatted(LEAF_LIFE.toMinutes(), length.toMinutes(), RATE));
        try (var stack = new Stack(root)) {
            stack.authSettings(
                    "--weft.auth.certificates.leaf-life=" + LEAF_LIFE,
                    "--weft.auth.certificates.overlap=" + OVERLAP);
            stack.policy(ShopPolicy.FILE, ShopPolicy.firstVersionsOnly(root));
            stack.trainAuthService();
            stack.startControlPlane();
            stack.trainAgents();
            var agents = new ArrayList<Stack.Agent>();
            for (String service : List.of("payments", "catalog", "orders", "storefront")) {
                agents.add(stack.startShopService(service));
            }
            stack.startEdge();
            drill(stack, agents, findings);
        }
        return findings.end();
    }

    private void drill(Stack stack, List<Stack.Agent> agents, Findings findings) throws Exception {
        var plan = Steady.plan(stack.edge(), RATE, "shop.example");
        Steady.reach(plan, CARRIED);
        var refused = new ConcurrentLinkedQueue<String>();
        AnswerListener witness =
                answer -> {
                    if (answer.status() != 200) {
                        refused.add(
                                "%.1f s, %d: %s"
                                        .formatted(
                                                answer.sinceStart().toMillis() / 1e3,
                                                answer.status(),
                                                answer.body().strip()));
                    }
                };
        try (LoadRun load = LoadClient.start(plan, witness)) {
            long start = System.nanoTime();
            Operator operator = Operator.of(stack);
            X509Certificate oldRoot = Certificates.of(rootFile(stack)).getFirst();
            until(start, ISSUER_CHANGES);
            operator.post("/api/ca/issuer/rotate");
            until(start, ROOT_CHANGES);
            operator.post("/api/ca/root/rotate");
            long published = System.nanoTime();
            X509Certificate newRoot = Certificates.of(rootFile(stack)).getLast();
            until(start, RESTART);
            restart(stack, findings);
            until(start, KILL);
            beAway(stack, findings);
            until(start, 1);
            nothingOld(stack, agents, newRoot, findings);
            oldRootGone(stack, oldRoot, published, findings);
            report(load.stop(), findings);
            spread(List.copyOf(refused)).forEach(each -> findings.note("refused", each));
            findings.note("certificates issued meanwhile", issued(stack) + "");
        }
    }

    /** A few of many, from first to last. */
    private static List<String> spread(List<String> all) {
        int step = Math.max(1, all.size() / SHOWN);
        return IntStream.range(0, all.size())
                .filter(i -> i % step == 0)
                .mapToObj(all::get)
                .toList();
    }

    private void until(long start, double part) throws InterruptedException {
        long end = start + (long) (length.toNanos() * part);
        TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
    }

    private static Path rootFile(Stack stack) {
        return stack.authState().resolve("root.pem");
    }

    private static void restart(Stack stack, Findings findings)
            throws IOException, InterruptedException {
        stack.stop(Stack.AUTH_SERVICE);
        long begun = System.nanoTime();
        stack.restart(Stack.AUTH_SERVICE);
        stack.awaitAuthService();
        findings.note("auth service restarted, ready after", since(begun));
    }

    private static void beAway(Stack stack, Findings findings)
            throws IOException, InterruptedException {
        stack.kill(Stack.AUTH_SERVICE);
        long begun = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(AWAY.toNanos());
        stack.restart(Stack.AUTH_SERVICE);
        stack.awaitAuthService();
        findings.note("auth service killed, ready again after", since(begun));
    }

    private static String since(long begun) {
        return "%.1f s".formatted((System.nanoTime() - begun) / 1e9);
    }

    /** Whoever could not renew while the auth service was away does so within a life. */
    private static void nothingOld(
            Stack stack, List<Stack.Agent> agents, X509Certificate newRoot, Findings findings)
            throws IOException, GeneralSecurityException {
        long begun = System.nanoTime();
        Stack.await(LEAF_LIFE, () -> old(stack, agents, newRoot).isEmpty());
        List<String> old = old(stack, agents, newRoot);
        int all = inUse(stack, agents).size();
        findings.check(
                "certificates in use that are not under the new root",
                old.isEmpty() ? "none of " + all : old.toString(),
                "none",
                old.isEmpty());
        findings.note("waited for that", since(begun));
    }

    private static List<String> old(
            Stack stack, List<Stack.Agent> agents, X509Certificate newRoot) {
        try {
            var old = new ArrayList<String>();
            inUse(stack, agents)
                    .forEach(
                            (who, chain) -> {
                                if (!Certificates.isUnder(newRoot, chain)) {
                                    old.add(who);
                                }
                            });
            return old;
        } catch (IOException | GeneralSecurityException e) {
            return List.of(e.toString());
        }
    }

    /** What listeners show; of the edge, which shows it to those it calls, what it keeps. */
    private static Map<String, List<X509Certificate>> inUse(Stack stack, List<Stack.Agent> agents)
            throws IOException, GeneralSecurityException {
        var chains = new LinkedHashMap<String, List<X509Certificate>>();
        for (Stack.Agent agent : agents) {
            chains.put(agent.name(), Certificates.shownAt(agent.inbound()));
        }
        chains.put("control plane", Certificates.shownAt(stack.feedPort()));
        chains.put("auth service", Certificates.shownAt(stack.enrolmentPort()));
        chains.put("edge", Certificates.of(stack.identity("edge")));
        return chains;
    }

    private void oldRootGone(
            Stack stack, X509Certificate oldRoot, long published, Findings findings)
            throws IOException, GeneralSecurityException {
        Duration sincePublished = Duration.ofNanos(System.nanoTime() - published);
        if (sincePublished.compareTo(ROOT_GONE) > 0) {
            boolean gone = !Certificates.of(rootFile(stack)).contains(oldRoot);
            findings.check("the old root", gone ? "gone" : "still there", "gone", gone);
        } else {
            findings.note("the old root", "too short a run to see it go");
        }
    }

    private static long issued(Stack stack) throws IOException {
        long issued = 0;
        try (var segments = Files.newDirectoryStream(stack.authState().resolve("issued"))) {
            for (Path segment : segments) {
                try (var lines = Files.lines(segment)) {
                    issued += lines.filter(line -> line.contains("\"issued\"")).count();
                }
            }
        }
        return issued;
    }

    private static void report(LoadReport load, Findings findings) {
        long bad = load.failed() + load.answered() - load.answered(200);
        findings.check("failed of " + load.sent() + " requests", bad + "", "0", bad == 0);
        findings.note("answers", load.answers().toString());
        load.samples().forEach(sample -> findings.note("failure", sample));
        findings.note(
                "latency p50 / p99 / max",
                "%d / %d / %d ms"
                        .formatted(
                                load.percentile(50).toMillis(),
                                load.percentile(99).toMillis(),
                                load.percentile(100).toMillis()));
    }
}
