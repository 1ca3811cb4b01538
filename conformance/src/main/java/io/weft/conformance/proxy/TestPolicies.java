// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.proxy;

import java.net.URI;
import java.util.List;

/** The policies of the suites. Each routes the host {@code a.test} to the service {@code app}. */
public final class TestPolicies {

    private static final String OPEN_TO_ANYONE =
            "anyone: { to: { services: [app] }, user: anyone, effect: allow }";

    private static final String GUARD =
            """
            open: { to: { services: [app], paths: [/public/**] }, user: anyone, effect: allow }
                members: { to: { services: [app], paths: [/**] }, user: { token: people, roles: [member, admin] }, effect: allow }
                admins-only: { to: { services: [app], paths: [/admin/**] }, user: { token: people }, when: "!('admin' in user.roles)", effect: deny }
            """;

    /** The services of {@link #routing}. */
    public static final List<String> BACKENDS = List.of("v1", "v2", "v3");

    private TestPolicies() {}

    /** Everything goes to the application and everybody may. */
    public static String open() {
        return toApp("to: { app: 100 }");
    }

    /** One rule for every path; {@code rule} is the inside of a YAML flow mapping. */
    public static String toApp(String rule) {
        String oneLine = rule.replace('\n', ' ');
        return policy("all: { match: { path: { prefix: / } }, " + oneLine + " }", OPEN_TO_ANYONE);
    }

    /** Only paths below this prefix have a route. */
    public static String onlyBelow(String prefix) {
        return policy(
                "below: { match: { path: { prefix: " + prefix + " } }, to: { app: 100 } }",
                OPEN_TO_ANYONE);
    }

    /**
     * One rule for every path but those below a prefix, which go to the application as they are.
     *
     * @param rule the inside of a YAML flow mapping
     */
    public static String besides(String prefix, String rule) {
        return policy(
                "plain: { match: { path: { prefix: "
                        + prefix
                        + " } }, to: { app: 1 } }\n        all: { match: { path: { prefix: / } }, "
                        + rule
                        + " }",
                OPEN_TO_ANYONE);
    }

    /** Only paths that this regular expression covers have a route. */
    public static String matching(String regex) {
        return policy(
                "matching: { match: { path: { regex: '" + regex + "' } }, to: { app: 100 } }",
                OPEN_TO_ANYONE);
    }

    /** Everything has a route, and GET alone is allowed. */
    public static String readOnly() {
        return policy(
                "all: { match: { path: { prefix: / } }, to: { app: 100 } }",
                "readers: { to: { services: [app], methods: [GET] }, user: anyone, effect: allow }");
    }

    /**
     * What is below {@code /public} is open, {@code /admin} is for the role {@code admin}, and all
     * else for that role or {@code member}.
     *
     * @param keys where the keys of {@code https://id.test} are, whose tokens for {@code A} count
     */
    public static String guarded(URI keys) {
        return policy("all: { match: { path: { prefix: / } }, to: { app: 100 } }", GUARD)
                + "  tokens: { people: { issuer: https://id.test, audiences: [A], keys: '%s', forward: { nick: x-user } } }%n"
                        .formatted(keys);
    }

    /**
     * Services that everybody may call, and routes.
     *
     * @param routes YAML under {@code weft.routes}
     */
    public static String routing(String routes) {
        var policy = new StringBuilder("weft:\n  trust-domain: shop.example\n  services:\n");
        for (String each : BACKENDS) {
            policy.append("    " + each + ": { protocol: http, mtls: permissive }\n");
        }
        policy.append("  access:\n");
        policy.append(
                "    anyone: { to: { services: [v1, v2, v3] }, user: anyone, effect: allow }\n");
        return policy.append("  routes:\n").append(routes.indent(4)).toString();
    }

    private static String policy(String rule, String access) {
        return """
        weft:
          trust-domain: shop.example
          services:
            app:
              protocol: http
              mtls: permissive
              versions: { v1: { version: v1 }, v2: { version: v2 } }
          routes:
            app:
              at: everywhere
              hosts: [a.test]
              rules:
                %s
          access:
            %s
        """
                .formatted(rule, access);
    }
}
