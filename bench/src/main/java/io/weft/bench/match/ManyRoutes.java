// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.match;

import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.compile.PolicyText;
import io.weft.policy.match.RouteTable;
import io.weft.policy.request.Plane;
import java.util.List;

/**
 * A host with 10,000 routes: exact paths and prefixes that share their beginnings, 200 rules on one
 * path that differ in a header, and 200 patterns that share theirs.
 */
final class ManyRoutes {

    static final int ROUTES = 10_000;
    static final int HEADER_RULES = 200;
    static final int PATTERNS = 200;
    static final String HOST = "shop.example";

    private ManyRoutes() {}

    static RouteTable table() {
        Compilation compilation =
                PolicyCompiler.compile(
                        List.of(new PolicyText("many.yml", policy())), List.of(), Good.NONE);
        if (!compilation.isSound()) {
            throw new IllegalStateException(compilation.problems().toString());
        }
        return RouteTable.of(Plane.EDGE, compilation.good().objects());
    }

    private static String policy() {
        var yaml = new StringBuilder("weft:\n  services: { backend: {} }\n  routes:\n");
        int paths = ROUTES - HEADER_RULES - PATTERNS;
        for (int i = 0; i < paths; i++) {
            String kind = i % 2 == 0 ? "prefix" : "exact";
            route(yaml, "p" + i, "{ path: { " + kind + ": " + path(i) + " } }");
        }
        for (int i = 0; i < HEADER_RULES; i++) {
            route(
                    yaml,
                    "h" + i,
                    "{ path: { exact: /tenants/orders }, headers: { x-tenant: "
                            + tenant(i)
                            + " } }");
        }
        for (int i = 0; i < PATTERNS; i++) {
            route(yaml, "r" + i, "{ path: { regex: '" + pattern(i) + "' } }");
        }
        return yaml.toString();
    }

    private static void route(StringBuilder yaml, String name, String match) {
        yaml.append("    ")
                .append(name)
                .append(": { hosts: [")
                .append(HOST)
                .append("], rules: { all: { match: ")
                .append(match)
                .append(", to: { backend: 1 } } } }\n");
    }

    /** The path of a prefix (even) or exact (odd) rule; all have the same length. */
    static String path(int i) {
        return "/api/v1/teams/%03d/things/%05d".formatted(i % 100, i);
    }

    static String tenant(int i) {
        return "tenant-%03d".formatted(i);
    }

    private static String pattern(int i) {
        return "/re/%03d/[0-9]+/items/.*".formatted(i);
    }

    /** A path that one pattern covers. */
    static String covered(int i) {
        return "/re/%03d/4711/items/x".formatted(i);
    }
}
