// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShadowsTest {

    private static final String SERVICES = "weft: { services: { one: , two.shop: } }";

    private final Owner owner = Owner.of().writes("services.yml", SERVICES);

    private Owner routes(String routes) {
        return owner.writes("routes.yml", "weft:\n  routes:\n" + routes.indent(4)).compiles();
    }

    @Test
    void namesTheMatchThatIsNeverChosenAndTheRuleThatIs() {
        routes(
                """
                shop:
                  hosts: [a.test]
                  rules:
                    a: { match: { path: { prefix: /a }, headers: { x: "1", y: "2" } }, to: { one: 1 } }
                    b: { match: { path: { prefix: /a/ }, headers: { Y: "2", X: "1" } }, to: { two.shop: 1 } }
                """);

        assertThat(owner.problems()).isEmpty();
        assertThat(owner.kept()).isEmpty();
        assertThat(owner.objects()).contains("routes/shop");
        assertThat(owner.warnings())
                .containsExactly(
                        "routes.yml:7:21: warning: weft.routes.shop.rules.b.match: never chosen for"
                                + " a.test, because shop/a asks for the same and comes first");
    }

    @Test
    void looksAcrossRoutesOrdersAndAlternatives() {
        routes(
                """
                a:
                  hosts: [a.test, "*.test"]
                  rules:
                    all: { to: { one: 1 } }
                    get: { match: { method: GET, cookies: { s: "1" }, port: 80 }, to: { one: 1 } }
                b:
                  hosts: ["*.test"]
                  rules:
                    all: { order: 0, to: { one: 1 } }
                    get:
                      match:
                        first: { cookies: { s: "1" }, method: GET, port: 80 }
                        second: { cookies: { s: "1" }, method: GET, port: 81 }
                      to: { one: 1 }
                """);

        assertThat(owner.warnings())
                .containsExactly(
                        "routes.yml:6:9: warning: weft.routes.a.rules.all: never chosen for *.test,"
                                + " because b/all asks for the same and comes first",
                        "routes.yml:14:13: warning: weft.routes.b.rules.get.match.first: never"
                                + " chosen for *.test, because a/get asks for the same and comes"
                                + " first");
    }

    @Test
    void saysNothingWhereAnyConditionDiffers() {
        routes(
                """
                a:
                  rules:
                    a: { match: { path: { prefix: /a } }, to: { one: 1 } }
                    b: { match: { path: { exact: /a } }, to: { one: 1 } }
                    c: { match: { path: { prefix: /a }, method: GET }, to: { one: 1 } }
                    d: { match: { path: { prefix: /a }, headers: { x: "1" } }, to: { one: 1 } }
                    e: { match: { path: { prefix: /a }, headers: { x: "2" } }, to: { one: 1 } }
                    f: { match: { path: { prefix: /a }, query: { x: "1" } }, to: { one: 1 } }
                    g: { match: { path: { prefix: /a }, cookies: { x: "1" } }, to: { one: 1 } }
                    h: { match: { path: { prefix: /a }, from: { workloads: [one] } }, to: { one: 1 } }
                    i: { match: { path: { prefix: /a }, from: { namespaces: [shop] } }, to: { one: 1 } }
                    j: { match: { path: { prefix: /a }, port: 80 }, to: { one: 1 } }
                b: { hosts: [a.test], rules: { a: { match: { path: { prefix: /a } }, to: { one: 1 } } } }
                """);

        assertThat(owner.warnings()).isEmpty();
    }

    @Test
    void keepsPlanesApartAndKnowsTheNamesOfServices() {
        routes(
                """
                edge: { at: edge, hosts: [one], rules: { all: { to: { one: 1 } } } }
                mesh: { at: mesh, hosts: [one.default], rules: { all: { to: { one: 1 } } } }
                """);
        assertThat(owner.warnings()).isEmpty();

        routes(
                """
                both: { hosts: [one.default], rules: { all: { to: { one: 1 } } } }
                edge: { at: edge, hosts: [one], rules: { all: { to: { one: 1 } } } }
                mesh: { at: mesh, hosts: [one], rules: { all: { order: 0, to: { one: 1 } } } }
                """);
        assertThat(owner.warnings())
                .containsExactly(
                        "routes.yml:3:44: warning: weft.routes.both.rules.all: never chosen for one"
                                + " in the mesh, because mesh/all asks for the same and comes"
                                + " first");
    }

    @Test
    void findsPatternsBehindAPrefixThatTakesAllTheirPaths() {
        routes(
                """
                shop:
                  hosts: [a.test]
                  rules:
                    api: { match: { path: { prefix: /api } }, to: { one: 1 } }
                    v1: { match: { path: { prefix: /api/v1 } }, to: { one: 1 } }
                    in-vain: { match: { path: { regex: "/api/v1/[0-9]+" } }, to: { one: 1 } }
                    also: { match: { path: { regex: "^/api/(x|y)/z" }, method: GET }, to: { one: 1 } }
                    sibling: { match: { path: { regex: "/api[0-9]+" } }, to: { one: 1 } }
                    itself: { match: { path: { regex: "/api/?" } }, to: { one: 1 } }
                    any-case: { match: { path: { regex: "(?i:/api/)x" } }, to: { one: 1 } }
                    choice: { match: { path: { regex: "/api/x|/b" } }, to: { one: 1 } }
                    posts: { match: { path: { prefix: /post }, method: POST }, to: { one: 1 } }
                    post: { match: { path: { regex: "/post/.*" } }, to: { one: 1 } }
                elsewhere: { rules: { x: { match: { path: { regex: "/api/.*" } }, to: { one: 1 } } } }
                """);

        assertThat(owner.warnings())
                .containsExactly(
                        "routes.yml:8:27: warning: weft.routes.shop.rules.in-vain.match: never"
                                + " chosen for a.test, because shop/v1 takes all paths of the"
                                + " pattern before it",
                        "routes.yml:9:24: warning: weft.routes.shop.rules.also.match: never chosen"
                                + " for a.test, because shop/api takes all paths of the pattern"
                                + " before it");
    }

    @Test
    void findsEveryPatternBehindTheRoot() {
        routes(
                """
                shop:
                  rules:
                    all: { to: { one: 1 } }
                    pattern: { match: { path: { regex: "(?i)/reports/.*" } }, to: { two.shop: 1 } }
                """);

        assertThat(owner.warnings())
                .containsExactly(
                        "routes.yml:6:27: warning: weft.routes.shop.rules.pattern.match: never"
                                + " chosen for any host, because shop/all takes all paths of the"
                                + " pattern before it");
    }

    @Test
    void saysNothingAboutWhatIsKeptInAnEarlierForm() {
        routes("a: { rules: { x: { to: { one: 1 } }, y: { to: { one: 1 } } } }");
        assertThat(owner.warnings()).hasSize(1);

        routes("a: { rules: { x: { to: { one: 1 } }, z: { to: { none: 1 } } } }");
        assertThat(owner.kept()).containsExactly("routes/a");
        assertThat(owner.problems()).hasSize(1);
        assertThat(owner.warnings()).isEmpty();
    }
}
