// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import io.weft.bench.drill.Question.Reply;
import io.weft.conformance.load.LoadClient;
import io.weft.conformance.load.LoadReport;
import io.weft.conformance.load.LoadRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The auth service is killed. Whoever has a token or a certificate notices nothing, an agent that
 * starts meanwhile included; a token of a key that nobody has seen is refused; certificates that
 * have ended open nothing. It comes back with another signing key, and all is well within ten
 * seconds. Then everything is stopped, for longer than any certificate holds, and started again.
 */
final class AuthDownDrill implements Drill {

    private static final double RATE = 50;
    private static final Duration LEAF_LIFE = Duration.ofSeconds(90);
    private static final Duration BACK = Duration.ofSeconds(10);
    private static final Duration DOWN = Duration.ofMinutes(2);

    /** A request that was let in a moment before the end is answered after it. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(2);

    private static final String ISSUER = "http://auth.shop.example";
    private static final String CLIENT = "drill";

    private static final String POLICY =
            """
            weft:
              services: { client: {}, orders: {} }
              routes:
                edge: { at: edge, rules: { all: { match: { path: { prefix: / } }, to: { orders: 1 } } } }
              tokens:
                shop: { issuer: "%s", audiences: [weft] }
              access:
                orders-are-public: { to: { services: [orders], paths: [/orders/**] }, from: { workloads: [gateway, client] }, effect: allow }
                reports-are-not: { to: { services: [orders], paths: [/reports/**] }, from: { workloads: [gateway, client] }, user: { token: shop }, effect: allow }
            """
                    .formatted(ISSUER);

    @Override
    public boolean run(Path root) throws Exception {
        var findings = new Findings("auth-down: the auth service killed, then everything stopped");
        try (var stack = new Stack(root)) {
            Path secret = stack.secret("client-of-the-drill");
            stack.authSettings(
                    "--weft.auth.certificates.leaf-life=" + LEAF_LIFE,
                    "--weft.auth.issuer=" + ISSUER,
                    "--weft.auth.clients." + CLIENT + ".secret-file=" + secret);
            stack.policy(OrdersPolicy.FILE, POLICY);
            stack.startControlPlane();
            stack.trainAgents();
            stack.startInstance("orders", "v1", "orders-v1");
            Stack.Agent client = stack.startClient("client");
            stack.startEdge();
            new Run(stack, client, secret, findings).all();
        }
        return findings.end();
    }

    /** One run, with what it needs at every step. */
    private record Run(Stack stack, Stack.Agent client, Path secret, Findings findings) {

        void all() throws Exception {
            String known = token();
            Stack.await(BACK, () -> are(200, reports(known)));
            expect("before: a token, at the edge and at an agent", reports(known), 200);
            killed(known);
            back();
            downAndUp();
        }

        // ---- without it -------------------------------------------------------------------------

        private void killed(String known) throws Exception {
            var first = new AtomicReference<>(Instant.MAX);
            var last = new AtomicReference<>(Instant.EPOCH);
            var plan = Steady.plan(stack.edge(), RATE, "shop.example");
            Steady.reach(plan);
            try (LoadRun load =
                    LoadClient.start(
                            plan,
                            answer -> {
                                if (answer.status() == 200) {
                                    last.set(Instant.now());
                                } else {
                                    first.compareAndSet(Instant.MAX, Instant.now());
                                }
                            })) {
                stack.kill(Stack.AUTH_SERVICE);
                expect("killed: a token from before", reports(known), 200);
                unknownKey(known);
                stack.kill(client.name());
                stack.restart(client.name());
                stack.awaitAgent(client);
                expect("killed: the same after an agent's restart", reports(known), 200);
                closes(load, first, last);
            }
        }

        private void unknownKey(String known) {
            String stranger = ofUnknownKey(known);
            expect("killed: a token of an unknown key", reports(stranger), 401);
            boolean told =
                    reports(stranger).stream()
                            .allMatch(reply -> reply.text().contains("signed by an unknown key"));
            findings.check("killed: why", told ? "it says so" : "nothing", "it says so", told);
        }

        /** The token as it is, but for the name of the key that is to have signed it. */
        private static String ofUnknownKey(String token) {
            String[] parts = token.split("\\.", -1);
            String header =
                    new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
            String other = header.replaceFirst("\"kid\":\"[^\"]*\"", "\"kid\":\"nobody-knows\"");
            return Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(other.getBytes(StandardCharsets.UTF_8))
                    + "."
                    + parts[1]
                    + "."
                    + parts[2];
        }

        private void closes(
                LoadRun load, AtomicReference<Instant> first, AtomicReference<Instant> last)
                throws Exception {
            Instant end = firstEnd();
            findings.note("killed: the first certificate ends in", until(end) + " s");
            TimeUnit.SECONDS.sleep(until(end) + UNDER_WAY.multipliedBy(3).toSeconds());
            LoadReport report = load.stop();
            Instant refused = first.get();
            findings.check(
                    "killed: the first request refused",
                    refused.equals(Instant.MAX)
                            ? "none"
                            : seconds(end, refused) + " after that end",
                    "not before",
                    refused.isAfter(end.minusSeconds(1)) && refused.isBefore(Instant.MAX));
            findings.check(
                    "killed: the last request served",
                    seconds(end, last.get()) + " after that end",
                    "at most " + UNDER_WAY.toSeconds() + " s",
                    last.get().isBefore(end.plus(UNDER_WAY)));
            findings.check(
                    "killed: answers",
                    report.answers().toString() + " " + report.failures(),
                    "200, then 503",
                    report.failed() == 0
                            && report.answered() == report.answered(200) + report.answered(503));
        }

        private Instant firstEnd() throws IOException, GeneralSecurityException {
            Instant edge = notAfter("edge");
            Instant orders = notAfter("orders-v1");
            return edge.isBefore(orders) ? edge : orders;
        }

        private Instant notAfter(String name) throws IOException, GeneralSecurityException {
            return Certificates.of(stack.identity(name)).getFirst().getNotAfter().toInstant();
        }

        // ---- back -------------------------------------------------------------------------------

        /** Without its database, so that its next key is one that nobody has heard of. */
        private void back() throws Exception {
            try (var files = Files.newDirectoryStream(stack.authState(), "people.*")) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            stack.restart(Stack.AUTH_SERVICE);
            stack.awaitAuthService();
            long ready = System.nanoTime();
            String fresh = token();
            served("back: a token of a new key", ready, fresh);
        }

        private void served(String what, long since, String token) {
            boolean works = Stack.await(Stack.PATIENCE, () -> are(200, reports(token)));
            double seconds = (System.nanoTime() - since) / 1e9;
            findings.check(
                    what + ", at the edge and at an agent",
                    works ? "served after %.1f s".formatted(seconds) : reports(token).toString(),
                    "at most " + BACK.toSeconds() + " s",
                    works && seconds <= BACK.toSeconds());
        }

        // ---- down, and up -----------------------------------------------------------------------

        private void downAndUp() throws Exception {
            for (String name : List.of("edge", "client", "orders-v1", "control-plane")) {
                stack.stop(name);
            }
            stack.stop(Stack.AUTH_SERVICE);
            TimeUnit.NANOSECONDS.sleep(DOWN.toNanos());
            for (String name : List.of("edge", "client", "orders-v1")) {
                boolean over = notAfter(name).isBefore(Instant.now());
                findings.check(
                        "down: the certificate of " + name, over ? "over" : "holds", "over", over);
            }
            stack.restart(Stack.AUTH_SERVICE);
            stack.restartControlPlane();
            for (String name : List.of("orders-v1", "client", "edge")) {
                stack.restart(name);
            }
            stack.awaitAuthService();
            stack.awaitAgent(client);
            stack.awaitEdge();
            long ready = System.nanoTime();
            served("up again: a token", ready, token());
        }

        // ---- asking -----------------------------------------------------------------------------

        private String token() throws IOException {
            return new TokenEndpoint(stack.auth()).clientCredentials(CLIENT, secret);
        }

        private List<Reply> reports(String token) {
            return List.of(
                    edge("/reports/1").with(token).ask(), agent("/reports/1").with(token).ask());
        }

        private Question edge(String path) {
            return new Question(stack.edge(), "shop.example", path, null);
        }

        private Question agent(String path) {
            var outbound =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), client.outbound());
            return new Question(outbound, "orders", path, null);
        }

        private void expect(String what, List<Reply> replies, int status) {
            findings.check(what, replies.toString(), "each " + status, are(status, replies));
        }

        private static boolean are(int status, List<Reply> replies) {
            return replies.stream().allMatch(reply -> reply.status() == status);
        }

        private static long until(Instant end) {
            return Duration.between(Instant.now(), end).toSeconds() + 1;
        }

        private static String seconds(Instant from, Instant to) {
            return "%.1f s".formatted(Duration.between(from, to).toMillis() / 1e3);
        }
    }
}
