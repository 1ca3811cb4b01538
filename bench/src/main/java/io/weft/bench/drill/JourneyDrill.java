// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One request for an order of the demo shop, edge → storefront → orders → payments, under the
 * shop's own policy: everybody on its way counts it once.
 */
final class JourneyDrill implements Drill {

    private static final String TOTAL = "weft_requests_total{";

    @Override
    public boolean run(Path root) throws Exception {
        var findings = new Findings("journey: one request through the shop");
        try (var stack = new Stack(root)) {
            stack.policy(ShopPolicy.FILE, ShopPolicy.firstVersionsOnly(root));
            stack.startControlPlane();
            stack.startShopService("payments");
            Stack.Agent orders = stack.startShopService("orders");
            Stack.Agent storefront = stack.startShopService("storefront");
            stack.startEdge();
            journey(stack, storefront, orders, findings);
        }
        return findings.end();
    }

    private static void journey(
            Stack stack, Stack.Agent storefront, Stack.Agent orders, Findings findings)
            throws IOException {
        String url = "http://127.0.0.1:" + stack.edge().getPort() + "/orders/42";
        Stack.await(Stack.PATIENCE, () -> Stack.isOk(url));
        var before = counts(stack, storefront, orders);
        String order = Stack.get(url);
        findings.check(
                "the shop's answer", order, "an order", order.startsWith("{\"id\":42,\"item\":"));
        var after = counts(stack, storefront, orders);
        after.forEach(
                (who, count) -> {
                    long moved = count - before.getOrDefault(who, 0L);
                    findings.check(who + " counted", moved + " more", "1 more", moved == 1);
                });
    }

    private static Map<String, Long> counts(Stack stack, Stack.Agent storefront, Stack.Agent orders)
            throws IOException {
        var counts = new LinkedHashMap<String, Long>();
        counts.put("edge", total(stack.edgeMetrics(), "destination=\"storefront\""));
        counts.put(
                "storefront's agent, from the edge",
                total(metrics(storefront), "destination=\"storefront\""));
        counts.put(
                "storefront's agent, to orders",
                total(metrics(storefront), "destination=\"orders\""));
        counts.put("orders' agent", total(metrics(orders), "destination=\"orders\""));
        return counts;
    }

    private static String metrics(Stack.Agent agent) throws IOException {
        return Stack.get("http://127.0.0.1:" + agent.health() + "/metrics");
    }

    private static long total(String exposition, String label) {
        return exposition
                .lines()
                .filter(line -> line.startsWith(TOTAL) && line.contains(label))
                .mapToLong(
                        line -> (long) Double.parseDouble(line.substring(line.indexOf("} ") + 2)))
                .sum();
    }
}
