// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.compile.PolicyText;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.Instance;
import io.weft.policy.feed.WireObject;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.snapshot.PolicyVersion;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
            app: { mtls: permissive }
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

    /** The policy and one instance of the application, as a control plane would have sent them. */
    static FeedMessage.Snapshot snapshot(InetSocketAddress app) {
        PolicyObjects objects =
                PolicyCompiler.compile(
                                List.of(new PolicyText("test.yml", publicBelowApp())),
                                List.of(),
                                Good.NONE)
                        .good()
                        .objects();
        ServiceName name = ServiceName.parse("app");
        return new FeedMessage.Snapshot(
                FeedMessage.SCHEMA,
                new PolicyVersion(1, 7, "0000000000000007"),
                objects.trustDomain(),
                objects.byKey().values().stream().map(WireObject::of).toList(),
                Map.of(
                        name,
                        List.of(
                                new Instance(
                                        "app-1",
                                        name,
                                        new TreeMap<>(),
                                        app.getAddress().getHostAddress(),
                                        app.getPort()))));
    }
}
