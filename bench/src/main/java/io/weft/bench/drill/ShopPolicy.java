// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The demo shop's own policy. */
final class ShopPolicy {

    static final String FILE = "shop.yml";
    static final String TRUST_DOMAIN = "shop.example";

    private ShopPolicy() {}

    /** As the shop's comments say how, so that visitors' bodies go through it. */
    static String takingOrders(Path root) throws IOException {
        String policy = firstVersionsOnly(root);
        int rule = policy.indexOf("visitors-place-orders:");
        String rest = policy.substring(rule).replaceFirst("mode: disabled", "mode: enforce");
        return policy.substring(0, rule) + rest;
    }

    /** Without the second versions, which do not run in drills: one of them fails on purpose. */
    static String firstVersionsOnly(Path root) throws IOException {
        return Files.readString(root.resolve("demo/policy/shop.yml"))
                .replaceAll("\\{ (orders|payments)/v1: \\d+, \\1/v2: \\d+ }", "{ $1/v1: 1 }");
    }
}
