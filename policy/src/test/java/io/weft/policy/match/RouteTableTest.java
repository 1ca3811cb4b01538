// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.TestPolicies;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Caller;
import io.weft.policy.request.PlainRequest;
import io.weft.policy.route.Destination;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rows of the Gateway API's conformance tests that are about choosing a rule. */
class RouteTableTest {

    private static final Caller SOMEBODY = Caller.unidentified(new byte[] {127, 0, 0, 1});

    private static final String SERVICES =
            """
            weft:
              services: { v1: , v2: , v3: , orders: , cart.shop: }
            """;

    @Test
    void matchesExactPaths() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    r:
                                      rules:
                                        one: { match: { path: { exact: /one } }, to: { v1: 1 } }
                                        two: { match: { path: { exact: /two } }, to: { v2: 1 } }
                                """);

        assertThat(to(table, "/one")).isEqualTo("v1");
        assertThat(to(table, "/two")).isEqualTo("v2");
        assertThat(to(table, "/")).isEqualTo("UNKNOWN_HOST");
        assertThat(to(table, "/one/example")).isEqualTo("UNKNOWN_HOST");
        assertThat(to(table, "/two/")).isEqualTo("UNKNOWN_HOST");
        assertThat(to(table, "/Two")).isEqualTo("UNKNOWN_HOST");
    }

    @Test
    void matchesPrefixesAndHeaders() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    matching:
                                      hosts: [a.test]
                                      rules:
                                        first:
                                          match:
                                            root: { path: { prefix: / } }
                                            one: { headers: { version: one } }
                                          to: { v1: 1 }
                                        second:
                                          match:
                                            v2: { path: { prefix: /v2 } }
                                            two: { headers: { version: two } }
                                          to: { v2: 1 }
                                """);

        assertThat(to(table, "/")).isEqualTo("v1");
        assertThat(to(table, "/example")).isEqualTo("v1");
        assertThat(to(table, "/", "Version", "one")).isEqualTo("v1");
        assertThat(to(table, "/v2")).isEqualTo("v2");
        assertThat(to(table, "/v2/")).isEqualTo("v2");
        assertThat(to(table, "/v2/example")).isEqualTo("v2");
        assertThat(to(table, "/", "version", "two")).isEqualTo("v2");
        assertThat(to(table, "/v2example")).isEqualTo("v1");
        assertThat(to(table, "/foo/v2/example")).isEqualTo("v1");
    }

    @Test
    void matchesAcrossRoutes() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    part1:
                                      hosts: [example.com, example.net]
                                      rules:
                                        all:
                                          match:
                                            root: { path: { prefix: / } }
                                            one: { headers: { version: one } }
                                          to: { v1: 1 }
                                    part2:
                                      hosts: [example.com]
                                      rules:
                                        v2:
                                          match:
                                            v2: { path: { prefix: /v2 } }
                                            two: { headers: { version: two } }
                                          to: { v2: 1 }
                                """);

        assertThat(toHost(table, "example.com", "/")).isEqualTo("v1");
        assertThat(toHost(table, "example.com", "/v2")).isEqualTo("v2");
        assertThat(toHost(table, "example.com", "/v2/example")).isEqualTo("v2");
        assertThat(toHost(table, "example.com", "/", "version", "two")).isEqualTo("v2");
        assertThat(toHost(table, "example.net", "/v2")).isEqualTo("v1");
        assertThat(toHost(table, "example.net", "/", "version", "two")).isEqualTo("v1");
        assertThat(toHost(table, "example.org", "/")).isEqualTo("UNKNOWN_HOST");
    }

    @Test
    void prefersExactThenLongerPaths() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    order:
                                      rules:
                                        a: { match: { path: { prefix: /match } }, to: { v3: 1 } }
                                        b: { match: { path: { exact: /match/prefix } }, to: { v1: 1 } }
                                        c: { match: { path: { prefix: /match/prefix/one } }, to: { v2: 1 } }
                                        d: { match: { path: { prefix: /match/prefix } }, to: { v1: 1 } }
                                        e: { match: { path: { exact: /match/exact/one } }, to: { v3: 1 } }
                                        f: { match: { path: { exact: /match/exact } }, to: { v2: 1 } }
                                        g: { match: { path: { regex: '/match/prefix/.*' } }, to: { orders: 1 } }
                                        h: { match: { path: { regex: '/(other|match)/r.*' } }, to: { orders: 1 } }
                                """);

        assertThat(to(table, "/match/exact/one")).isEqualTo("v3");
        assertThat(to(table, "/match/exact")).isEqualTo("v2");
        assertThat(to(table, "/match")).isEqualTo("v3");
        assertThat(to(table, "/match/any")).isEqualTo("v3");
        assertThat(to(table, "/match/prefix/one/any")).isEqualTo("v2");
        assertThat(to(table, "/match/prefix/one")).isEqualTo("v2");
        assertThat(to(table, "/match/prefix/any")).isEqualTo("v1");
        assertThat(to(table, "/match/prefix")).isEqualTo("v1");
        assertThat(to(table, "/match/r")).isEqualTo("v3");
        assertThat(to(table, "/other/r")).isEqualTo("orders");
        assertThat(to(table, "/other")).isEqualTo("UNKNOWN_HOST");
    }

    @Test
    void prefersMoreHeaders() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    headers:
                                      hosts: [a.test]
                                      rules:
                                        a: { match: { headers: { version: two } }, to: { v2: 1 } }
                                        b: { match: { headers: { version: two, Color: orange } }, to: { v1: 1 } }
                                        c:
                                          match:
                                            blue: { headers: { color: blue } }
                                            green: { headers: { color: green } }
                                          to: { v1: 1 }
                                        d:
                                          match:
                                            red: { headers: { color: red } }
                                            yellow: { headers: { color: yellow } }
                                          to: { v2: 1 }
                                """);

        assertThat(to(table, "/", "Version", "two")).isEqualTo("v2");
        assertThat(to(table, "/", "Version", "two", "Color", "orange")).isEqualTo("v1");
        assertThat(to(table, "/", "Color", "blue")).isEqualTo("v1");
        assertThat(to(table, "/", "COLOR", "green")).isEqualTo("v1");
        assertThat(to(table, "/", "color", "red")).isEqualTo("v2");
        assertThat(to(table, "/", "color", "yellow")).isEqualTo("v2");
        assertThat(to(table, "/", "color", "Blue")).isEqualTo("NO_MATCH");
        assertThat(to(table, "/", "color", "orange")).isEqualTo("NO_MATCH");
        assertThat(to(table, "/", "some-other-header", "one")).isEqualTo("NO_MATCH");
        assertThat(to(table, "/")).isEqualTo("NO_MATCH");
    }

    @Test
    void neverMatchesAHeaderThatIsRepeated() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    r: { hosts: [a.test], rules: { x: { match: { headers: { x: "1" } }, to: { v1: 1 } } } }
                                """);

        assertThat(to(table, "/", "x", "1")).isEqualTo("v1");
        assertThat(to(table, "/", "x", "1", "X", "1")).isEqualTo("NO_MATCH");
        assertThat(to(table, "/", "x", "1", "X", "2")).isEqualTo("NO_MATCH");
    }

    @Test
    void prefersMoreSpecificHosts() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    bar: { hosts: [bar.com], rules: { all: { to: { v1: 1 } } } }
                                    foo-bar: { hosts: [foo.bar.com], rules: { all: { to: { v2: 1 } } } }
                                    any-bar: { hosts: ["*.bar.com"], rules: { all: { to: { v3: 1 } } } }
                                    any-foo-bar: { hosts: ["*.foo.bar.com"], rules: { all: { to: { orders: 1 } } } }
                                    any-foo: { hosts: ["*.Foo.com"], rules: { s1: { match: { path: { prefix: /s1 } }, to: { v1: 1 } } } }
                                """);

        assertThat(toHost(table, "bar.com", "/")).isEqualTo("v1");
        assertThat(toHost(table, "BAR.com:8080", "/")).isEqualTo("v1");
        assertThat(toHost(table, "foo.bar.com", "/")).isEqualTo("v2");
        assertThat(toHost(table, "baz.bar.com", "/")).isEqualTo("v3");
        assertThat(toHost(table, "boo.baz.bar.com", "/")).isEqualTo("v3");
        assertThat(toHost(table, "x.foo.bar.com", "/")).isEqualTo("orders");
        assertThat(toHost(table, "multiple.prefixes.foo.com:80", "/s1")).isEqualTo("v1");
        assertThat(toHost(table, "x.foo.com", "/s2")).isEqualTo("NO_MATCH");
        assertThat(toHost(table, "foo.com", "/")).isEqualTo("UNKNOWN_HOST");
        assertThat(toHost(table, "no.matching.host", "/")).isEqualTo("UNKNOWN_HOST");
    }

    @Test
    void asksLessSpecificHostsWhenNoRuleOfAMoreSpecificOneMatches() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    exact: { hosts: [a.b.test], rules: { x: { match: { path: { prefix: /x } }, to: { v1: 1 } } } }
                                    longer: { hosts: ["*.b.test"], rules: { y: { match: { path: { prefix: /y } }, to: { v2: 1 } } } }
                                    shorter: { hosts: ["*.test"], rules: { z: { match: { path: { exact: /x/z } }, to: { v3: 1 } } } }
                                    any: { rules: { q: { match: { path: { prefix: /q } }, to: { orders: 1 } } } }
                                """);

        assertThat(toHost(table, "a.b.test", "/x/z")).isEqualTo("v1");
        assertThat(toHost(table, "a.b.test", "/y")).isEqualTo("v2");
        assertThat(toHost(table, "c.b.test", "/x/z")).isEqualTo("v3");
        assertThat(toHost(table, "a.b.test", "/q")).isEqualTo("orders");
        assertThat(toHost(table, "a.b.test", "/")).isEqualTo("NO_MATCH");
        assertThat(toHost(table, "elsewhere", "/q")).isEqualTo("orders");
        assertThat(toHost(table, "elsewhere", "/")).isEqualTo("UNKNOWN_HOST");
    }

    @Test
    void matchesMethods() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    methods:
                                      hosts: [a.test]
                                      rules:
                                        post: { match: { method: POST }, to: { v1: 1 } }
                                        get: { match: { method: GET }, to: { v2: 1 } }
                                        path1: { match: { path: { prefix: /path1 }, method: GET }, to: { v1: 1 } }
                                        two: { match: { headers: { version: two }, method: PUT }, to: { v2: 1 } }
                                        path5: { match: { path: { prefix: /path5 } }, to: { v1: 1 } }
                                        patch: { match: { method: PATCH }, to: { v2: 1 } }
                                        four: { match: { headers: { version: four } }, to: { v1: 1 } }
                                """);

        assertThat(toMethod(table, "POST", "/")).isEqualTo("v1");
        assertThat(toMethod(table, "GET", "/")).isEqualTo("v2");
        assertThat(toMethod(table, "HEAD", "/")).isEqualTo("NO_MATCH");
        assertThat(toMethod(table, "get", "/")).isEqualTo("NO_MATCH");
        assertThat(toMethod(table, "GET", "/path1")).isEqualTo("v1");
        assertThat(toMethod(table, "PUT", "/", "version", "two")).isEqualTo("v2");
        assertThat(toMethod(table, "PUT", "/")).isEqualTo("NO_MATCH");
        assertThat(toMethod(table, "PATCH", "/path5")).isEqualTo("v1");
        assertThat(toMethod(table, "PATCH", "/", "version", "four")).isEqualTo("v2");
    }

    @Test
    void matchesQueryParameters() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    query:
                                      hosts: [a.test]
                                      rules:
                                        a: { match: { query: { animal: whale } }, to: { v1: 1 } }
                                        b: { match: { query: { animal: dolphin } }, to: { v2: 1 } }
                                        c:
                                          match:
                                            both: { query: { animal: dolphin, color: blue } }
                                            case: { query: { ANIMAL: Whale } }
                                          to: { v3: 1 }
                                        d: { match: { headers: { version: one } }, to: { orders: 1 } }
                                        e: { match: { query: { q: "a b&ü", empty: "" } }, to: { v1: 1 } }
                                """);

        assertThat(to(table, "/?animal=whale")).isEqualTo("v1");
        assertThat(to(table, "/?animal=dolphin")).isEqualTo("v2");
        assertThat(to(table, "/?animal=dolphin&color=blue")).isEqualTo("v3");
        assertThat(to(table, "/?color=blue&animal=dolphin&x")).isEqualTo("v3");
        assertThat(to(table, "/?ANIMAL=Whale")).isEqualTo("v3");
        assertThat(to(table, "/?animal=whale", "version", "one")).isEqualTo("orders");
        assertThat(to(table, "/?animal=whaledolphin")).isEqualTo("NO_MATCH");
        assertThat(to(table, "/?animal=wha")).isEqualTo("NO_MATCH");
        assertThat(to(table, "/?color=blue")).isEqualTo("NO_MATCH");
        assertThat(to(table, "/?xanimal=whale")).isEqualTo("NO_MATCH");
        assertThat(to(table, "/?")).isEqualTo("NO_MATCH");
        assertThat(to(table, "/")).isEqualTo("NO_MATCH");
        assertThat(to(table, "/?%61nimal=%77hale")).isEqualTo("v1");
        assertThat(to(table, "/?animal=whale&animal=dolphin")).isEqualTo("v1");
        assertThat(to(table, "/?animal=shark&animal=whale")).isEqualTo("NO_MATCH");
        assertThat(to(table, "/?q=a+b%26%C3%BC&empty")).isEqualTo("v1");
        assertThat(to(table, "/?empty=&q=a%20b%26ü")).isEqualTo("v1");
        assertThat(to(table, "/?empty=x&q=a%20b%26ü")).isEqualTo("NO_MATCH");
    }

    @Test
    void decidesEqualMatchesByOrderThenName() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    b:
                                      rules:
                                        z: { order: 1, match: { path: { prefix: /order } }, to: { v1: 1 } }
                                        a: { match: { path: { prefix: /name } }, to: { v1: 1 } }
                                    a:
                                      rules:
                                        y: { match: { path: { prefix: /order } }, to: { v2: 1 } }
                                        z: { match: { path: { prefix: /name } }, to: { v2: 1 } }
                                        zz: { match: { path: { prefix: /name } }, to: { v3: 1 } }
                                """);

        assertThat(to(table, "/order")).isEqualTo("v1");
        assertThat(to(table, "/name")).isEqualTo("v2");
    }

    @Test
    void givesEveryServiceOfTheMeshARouteUntilARouteNamesItsHost() {
        RouteTable table =
                TestPolicies.mesh(
                        SERVICES
                                + """
                                  routes:
                                    orders: { hosts: [orders.default], rules: { all: { match: { path: { prefix: /o } }, to: { v1: 1 } } } }
                                    anywhere: { rules: { all: { match: { path: { prefix: /x } }, to: { v3: 1 } } } }
                                    edge: { at: edge, hosts: [v2], rules: { all: { to: { v1: 1 } } } }
                                """);

        assertThat(toHost(table, "v2", "/x")).isEqualTo("v2");
        assertThat(toHost(table, "v2.default:8080", "/")).isEqualTo("v2");
        assertThat(toHost(table, "cart.shop", "/")).isEqualTo("cart.shop");
        assertThat(toHost(table, "cart", "/")).isEqualTo("UNKNOWN_HOST");
        assertThat(toHost(table, "orders", "/o")).isEqualTo("v1");
        assertThat(toHost(table, "orders.default", "/o")).isEqualTo("v1");
        assertThat(toHost(table, "orders", "/")).isEqualTo("NO_MATCH");
        assertThat(toHost(table, "orders", "/x")).isEqualTo("v3");
        assertThat(toHost(table, "elsewhere.example", "/x")).isEqualTo("v3");
        assertThat(((CompiledRule) decide(table, "GET", "v2", "/")).toString())
                .isEqualTo("service/v2/all");
    }

    @Test
    void keepsPlanesApart() {
        String yaml =
                SERVICES
                        + """
                          routes:
                            e: { at: edge, hosts: [e.test], rules: { all: { to: { v1: 1 } } } }
                            m: { at: mesh, hosts: [m.test], rules: { all: { to: { v2: 1 } } } }
                            b: { hosts: [b.test], rules: { all: { to: { v3: 1 } } } }
                        """;
        RouteTable edge = TestPolicies.edge(yaml);
        RouteTable mesh = TestPolicies.mesh(yaml);

        assertThat(toHost(edge, "e.test", "/")).isEqualTo("v1");
        assertThat(toHost(mesh, "e.test", "/")).isEqualTo("UNKNOWN_HOST");
        assertThat(toHost(edge, "m.test", "/")).isEqualTo("UNKNOWN_HOST");
        assertThat(toHost(mesh, "m.test", "/")).isEqualTo("v2");
        assertThat(toHost(edge, "b.test", "/")).isEqualTo("v3");
        assertThat(toHost(mesh, "b.test", "/")).isEqualTo("v3");
        assertThat(toHost(edge, "orders", "/")).isEqualTo("UNKNOWN_HOST");
    }

    @Test
    void numbersRulesAndDestinationsWithinTheTable() {
        RouteTable table =
                TestPolicies.mesh(
                        SERVICES
                                + """
                                  routes:
                                    r:
                                      hosts: [a.test]
                                      rules:
                                        a: { match: { path: { exact: /a } }, to: { v1: 1, v2: 1 } }
                                        b: { match: { path: { exact: /b } }, to: { v2: 1, v3: 0 } }
                                """);

        for (int i = 0; i < table.rules().size(); i++) {
            assertThat(table.rules().get(i).slot()).isEqualTo(i);
        }
        for (MatchedRule rule : table.rules()) {
            for (CompiledDestination to : ((CompiledRule) rule).destinations()) {
                assertThat(table.destinations().get(to.slot())).isEqualTo(to.destination());
            }
        }
        assertThat(table.destinations()).map(Destination::toString).doesNotHaveDuplicates();
    }

    @Test
    void matchesPathsInNormalForm() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    r:
                                      rules:
                                        a: { match: { path: { prefix: /café/ } }, to: { v1: 1 } }
                                        b: { match: { path: { exact: /%e2%82%ac } }, to: { v2: 1 } }
                                        c: { match: { path: { regex: "/ü+/x" } }, to: { v3: 1 } }
                                """);

        assertThat(to(table, "/caf%c3%a9/x")).isEqualTo("v1");
        assertThat(to(table, "/x/..//caf%C3%A9")).isEqualTo("v1");
        assertThat(to(table, "/%E2%82%ac")).isEqualTo("v2");
        assertThat(to(table, "/%c3%bc%C3%BC/x")).isEqualTo("v3");
    }

    @Test
    void matchesACookieThatHasThisValueAlone() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    r:
                                      rules:
                                        beta: { match: { cookies: { beta: "1" } }, to: { v2: 1 } }
                                        all: { to: { v1: 1 } }
                                """);

        assertThat(to(table, "/", "cookie", "beta=1")).isEqualTo("v2");
        assertThat(to(table, "/", "cookie", "a=b; beta=1; c")).isEqualTo("v2");
        assertThat(to(table, "/", "cookie", "a=b", "cookie", "beta=1")).isEqualTo("v2");
        assertThat(to(table, "/", "cookie", "beta=1; beta=1")).isEqualTo("v2");
        for (String other :
                List.of("beta=1; beta=2", "beta=2; beta=1", "beta=12", "beta=", "beta", "Beta=1")) {
            assertThat(to(table, "/", "cookie", other)).as(other).isEqualTo("v1");
        }
        assertThat(to(table, "/", "cookie", "beta=1", "cookie", "beta=2")).isEqualTo("v1");
        assertThat(to(table, "/")).isEqualTo("v1");
    }

    @Test
    void countsACookieAsAHeader() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    r:
                                      rules:
                                        a: { match: { headers: { x-a: "1" }, query: { q: "1" } }, to: { v1: 1 } }
                                        b: { match: { headers: { x-a: "1" }, cookies: { s: "1" } }, to: { v2: 1 } }
                                        c: { match: { cookies: { s: "1" }, query: { q: "1" } }, to: { v3: 1 } }
                                """);

        assertThat(to(table, "/?q=1", "x-a", "1", "cookie", "s=1")).isEqualTo("v2");
        assertThat(to(table, "/?q=1", "x-a", "1")).isEqualTo("v1");
        assertThat(to(table, "/?q=1", "cookie", "s=1")).isEqualTo("v3");
    }

    @Test
    void matchesWhoAsks() {
        RouteTable table =
                TestPolicies.mesh(
                        SERVICES
                                + """
                                  routes:
                                    r:
                                      at: mesh
                                      hosts: [a.test]
                                      rules:
                                        cart: { match: { from: { workloads: [cart.shop, v3] } }, to: { v1: 1 } }
                                        shop: { order: 0, match: { from: { namespaces: [shop] } }, to: { v2: 1 } }
                                        both: { match: { path: { exact: /both }, from: { workloads: [cart.shop], namespaces: [default] } }, to: { v1: 1 } }
                                        all: { order: 0, to: { v3: 1 } }
                                """);

        assertThat(toCaller(table, "orders", "/")).isEqualTo("v3");
        assertThat(toCaller(table, "v3", "/")).isEqualTo("v1");
        // Both ask for somebody, so the order decides.
        assertThat(toCaller(table, "cart.shop", "/")).isEqualTo("v2");
        assertThat(toCaller(table, "cart.shop", "/both")).isEqualTo("v2");
        assertThat(toCaller(table, "desk.shop", "/")).isEqualTo("v2");
    }

    @Test
    void looksAtWhoAsksAfterQueryParametersAndBeforeTheOrder() {
        RouteTable table =
                TestPolicies.mesh(
                        SERVICES
                                + """
                                  routes:
                                    r:
                                      hosts: [a.test]
                                      rules:
                                        a: { order: 0, to: { v1: 1 } }
                                        b: { match: { from: { workloads: [orders] } }, to: { v2: 1 } }
                                        c: { match: { query: { q: "1" } }, to: { v3: 1 } }
                                """);

        assertThat(toCaller(table, "orders", "/")).isEqualTo("v2");
        assertThat(toCaller(table, "orders", "/?q=1")).isEqualTo("v3");
        assertThat(toCaller(table, "v1", "/")).isEqualTo("v1");
    }

    @Test
    void matchesTheNetworkOfVisitorsAtTheEdge() {
        RouteTable table =
                TestPolicies.edge(
                        SERVICES
                                + """
                                  routes:
                                    r:
                                      at: edge
                                      rules:
                                        office: { match: { from: { networks: [192.0.2.0/24, "2001:db8::/32"], workloads: [gateway] } }, to: { v2: 1 } }
                                        all: { to: { v1: 1 } }
                                """);

        for (String address : List.of("192.0.2.7", "::ffff:192.0.2.7", "2001:db8::1")) {
            assertThat(toVisitor(table, address)).as(address).isEqualTo("v2");
        }
        assertThat(toVisitor(table, "192.0.3.7")).isEqualTo("v1");
    }

    @Test
    void leavesTheServicesOwnRouteToThoseWhomNoRouteIsAbout() {
        RouteTable table =
                TestPolicies.mesh(
                        SERVICES
                                + """
                                  routes:
                                    one: { at: mesh, hosts: [orders], rules: { a: { match: { path: { prefix: /o }, from: { workloads: [v1] } }, to: { v1: 1 } } } }
                                    two: { at: mesh, hosts: [orders.default], rules: { a: { match: { path: { prefix: /p }, from: { namespaces: [shop], workloads: [v2, cart.shop] } }, to: { v2: 1 } } } }
                                    three: { at: mesh, hosts: ["*.default"], rules: { all: { to: { v3: 1 } } } }
                                """);

        for (String host : List.of("orders", "orders.default")) {
            assertThat(toCaller(table, "v1", host, "/o")).isEqualTo("v1");
            assertThat(toCaller(table, "cart.shop", host, "/p")).isEqualTo("v2");
            assertThat(toCaller(table, "v2", host, "/p")).isEqualTo("orders");
            assertThat(toCaller(table, "v3", host, "/")).isEqualTo("orders");
        }
        // What a route is about and does not match is offered to less specific hosts.
        assertThat(toCaller(table, "v1", "orders", "/")).isEqualTo("NO_MATCH");
        assertThat(toCaller(table, "cart.shop", "orders.default", "/")).isEqualTo("v3");
        assertThat(decide(table, SOMEBODY, "GET", "orders", "/").toString())
                .isEqualTo("service/orders/all");
    }

    @Test
    void matchesThePortThatIsAskedFor() {
        RouteTable table =
                TestPolicies.mesh(
                        SERVICES
                                + """
                                  routes:
                                    r:
                                      hosts: [a.test]
                                      rules:
                                        a: { order: 0, to: { v1: 1 } }
                                        b: { match: { port: 80 }, to: { v2: 1 } }
                                        c: { match: { from: { workloads: [v1] } }, to: { v3: 1 } }
                                """);

        assertThat(toCaller(table, "v2", "a.test", "/")).isEqualTo("v2");
        assertThat(toCaller(table, "v2", "a.test:80", "/")).isEqualTo("v2");
        assertThat(toCaller(table, "v2", "a.test:8080", "/")).isEqualTo("v1");
        assertThat(toCaller(table, "v1", "a.test:80", "/")).isEqualTo("v3");
    }

    @Test
    void leavesTheServicesOwnRouteToPortsThatNoRouteIsAbout() {
        RouteTable table =
                TestPolicies.mesh(
                        SERVICES
                                + """
                                  routes:
                                    one: { hosts: [orders], rules: { a: { match: { path: { prefix: /o }, port: 80 }, to: { v1: 1 } } } }
                                    two: { hosts: [orders], rules: { a: { match: { port: 8080, from: { workloads: [v2] } }, to: { v2: 1 } } } }
                                """);

        assertThat(toCaller(table, "v1", "orders", "/o")).isEqualTo("v1");
        assertThat(toCaller(table, "v1", "orders", "/")).isEqualTo("NO_MATCH");
        assertThat(toCaller(table, "v1", "orders:8080", "/o")).isEqualTo("orders");
        assertThat(toCaller(table, "v2", "orders:8080", "/o")).isEqualTo("v2");
        assertThat(toCaller(table, "v2", "orders:81", "/o")).isEqualTo("orders");
    }

    private static String toCaller(RouteTable table, String caller, String target) {
        return toCaller(table, caller, "a.test", target);
    }

    private static String toCaller(RouteTable table, String caller, String host, String target) {
        var asking = Caller.of(ServiceName.parse(caller), new byte[] {127, 0, 0, 1});
        return to(decide(table, asking, "GET", host, target));
    }

    private static String toVisitor(RouteTable table, String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        return to(decide(table, Caller.of(ServiceName.GATEWAY, bytes), "GET", "a.test", "/"));
    }

    private static String to(RouteTable table, String target, String... headers) {
        return to(decide(table, "GET", "a.test", target, headers));
    }

    private static String toHost(RouteTable table, String host, String target, String... headers) {
        return to(decide(table, "GET", host, target, headers));
    }

    private static String toMethod(
            RouteTable table, String method, String target, String... headers) {
        return to(decide(table, method, "a.test", target, headers));
    }

    private static String to(RouteDecision decision) {
        return switch (decision) {
            case CompiledRule rule -> rule.pick(0).destination().toString();
            case CompiledRedirect redirect -> redirect.redirect().toString();
            case CompiledResponse response -> response.toString();
            case RouteDecision.Unmatched unmatched -> unmatched.name();
        };
    }

    private static RouteDecision decide(
            RouteTable table, String method, String host, String target, String... headers) {
        return decide(table, SOMEBODY, method, host, target, headers);
    }

    private static RouteDecision decide(
            RouteTable table,
            Caller asking,
            String method,
            String host,
            String target,
            String... headers) {
        PlainRequest.Builder request = PlainRequest.of(method, host, target);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return table.match(request.build(), asking);
    }
}
