// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.proxy;

/** The policies of the suites. Each routes the host {@code a.test} to the service {@code app}. */
public final class TestPolicies {

    private static final String OPEN_TO_ANYONE =
            "anyone: { to: { services: [app] }, user: anyone, effect: allow }";

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

    /** Everything has a route, and GET alone is allowed. */
    public static String readOnly() {
        return policy(
                "all: { match: { path: { prefix: / } }, to: { app: 100 } }",
                "readers: { to: { services: [app], methods: [GET] }, user: anyone, effect: allow }");
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
