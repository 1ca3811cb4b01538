// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

/** The policy of the drills: orders in two versions, called from the edge and from a workload. */
final class OrdersPolicy {

    static final String FILE = "orders.yml";

    private OrdersPolicy() {}

    /** With these weights at the edge and in the mesh. */
    static String weights(int v1, int v2) {
        return """
               weft:
                 services:
                   client: {}
                   orders: { versions: { v1: { version: v1 }, v2: { version: v2 } } }
                 routes:
                   edge:
                     at: edge
                     rules:
                       all: { match: { path: { prefix: / } }, to: { orders/v1: %1$d, orders/v2: %2$d } }
                   orders:
                     at: mesh
                     hosts: [orders]
                     rules:
                       all: { match: { path: { prefix: / } }, to: { orders/v1: %1$d, orders/v2: %2$d } }
                 access:
                   callers: { to: { services: [orders] }, from: { workloads: [gateway, client] }, effect: allow }
               """
                .formatted(v1, v2);
    }
}
