// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import io.weft.bench.drill.Question.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;

/**
 * An API key is made at the auth service, good at the edge and at the service's agent within five
 * seconds, good while the auth service is away, and refused within five seconds of being revoked.
 */
final class KeysDrill implements Drill {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String KEYS = "/api/api-keys";
    private static final String SECRET = "secret";
    private static final String ID = "id";

    private static final String POLICY =
            """
            weft:
              services: { orders: {} }
              routes:
                edge: { at: edge, rules: { all: { match: { path: { prefix: / } }, to: { orders: 1 } } } }
              access:
                by-key: { to: { services: [orders] }, from: { workloads: [gateway] }, user: { api-key: [reporting] }, effect: allow }
            """;

    @Override
    public boolean run(Path root) throws Exception {
        var findings = new Findings("keys: an API key made, kept and revoked");
        try (var stack = new Stack(root)) {
            stack.policy(OrdersPolicy.FILE, POLICY);
            stack.startControlPlane();
            stack.startInstance("orders", "v1", "orders-v1");
            stack.startEdge();
            var without = new Question(stack.edge(), "shop.example", "/orders/1", null);
            within(findings, "without a key", 401, without);

            Operator operator = Operator.of(stack);
            String made = operator.post(KEYS, "{\"client\":\"reporting\"}");
            Question reporting = without.withKey(member(made, SECRET));
            within(findings, "made", 200, reporting);

            String other = operator.post(KEYS, "{\"client\":\"other\"}");
            within(findings, "another client's", 403, without.withKey(member(other, SECRET)));

            stack.kill(Stack.AUTH_SERVICE);
            within(findings, "the auth service killed", 200, reporting);
            stack.restart(Stack.AUTH_SERVICE);
            stack.awaitAuthService();

            operator.delete(KEYS + "/" + member(made, ID));
            within(findings, "revoked", 401, reporting);
        }
        return findings.end();
    }

    private static void within(Findings findings, String what, int status, Question question) {
        long start = System.nanoTime();
        boolean so = Stack.await(Stack.PATIENCE, () -> question.ask().status() == status);
        double seconds = (System.nanoTime() - start) / 1e9;
        Reply last = question.ask();
        findings.check(
                what,
                "%s after %.1f s".formatted(last, seconds),
                status + " within " + SOON.toSeconds() + " s",
                so && last.status() == status && seconds <= SOON.toSeconds());
    }

    private static String member(String json, String name) throws IOException {
        Matcher value =
                java.util.regex.Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]+)\"")
                        .matcher(json);
        if (!value.find()) {
            throw new IOException("no " + name + " in the answer");
        }
        return value.group(1);
    }
}
