// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

/** Policies for the edge. Each knows the hosts {@code a.test} and {@code localhost}. */
final class EdgePolicies {

    private EdgePolicies() {}

    /**
     * Everything below {@code /app} goes to the application, but {@code /app/denied} nobody may.
     */
    static String publicBelowApp() {
        return """
        weft:
          services:
            app: {}
          routes:
            app:
              hosts: [a.test, localhost]
              rules:
                app: { match: { path: { prefix: /app } }, to: { app: 100 } }
          access:
            anyone: { to: { services: [app] }, user: anyone, effect: allow }
            nobody: { to: { services: [app], paths: [/app/denied/**] }, user: anyone, effect: deny }
        """;
    }
}
