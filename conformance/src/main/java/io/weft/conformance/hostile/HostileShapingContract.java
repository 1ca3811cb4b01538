// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.proxy.TestPolicies;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Sections B and C of the hostile inputs where requests are rewritten and where they are
 * redirected: what is refused stays refused, and nothing that a client writes gets around what the
 * rule says about host and path. For proxies that choose the destination.
 */
public abstract class HostileShapingContract extends HostileFixture {

    private static final List<String> FILES = List.of("targets.yml", "forwarding.yml");
    private static final String INNER = "/inner";
    private static final String HOST = "inner.test";

    /** A URI whose path is below that of the rule, without a way out of it (RFC 3986 §3). */
    private static final String LOCATION =
            "https://inner\\.test/inner(/(?!\\.\\.?(/|\\?|$))[\\w.~!$&'()*+,;=:@%-]*)*"
                    + "(\\?[\\w.~!$&'()*+,;=:@%/?-]*)?";

    @AfterAll
    final void open() throws IOException {
        proxy.updatePolicy(TestPolicies.open());
    }

    private static Stream<Vector> vectors() {
        return FILES.stream().flatMap(file -> VectorFile.requests(file).stream());
    }

    @TestFactory
    protected Stream<DynamicTest> rewritten() {
        String policy =
                TestPolicies.besides(
                        Canary.PATH,
                        "to: { app: 1 }, rewrite: { host: inner.test, path: { prefix: /inner } }");
        return vectors()
                .map(
                        vector ->
                                row(
                                        vector.id(),
                                        vector.note(),
                                        () -> {
                                            proxy.updatePolicy(policy);
                                            new RequestTrial(proxy, upstream, canary)
                                                    .judgeUncut(inner(vector));
                                        }));
    }

    /** The same request, which is expected where the rule sends it. */
    private static Vector inner(Vector vector) {
        ForwardedForm form = vector.upstream();
        var has = new LinkedHashMap<>(form.has());
        has.replaceAll((name, value) -> name.equalsIgnoreCase("host") ? HOST : value);
        return new Vector(
                vector.id(),
                vector.note(),
                vector.input(),
                vector.elsewhere(),
                vector.atInbound(),
                form.to(form.targets().stream().map(HostileShapingContract::inner).toList())
                        .with(has, form.lacks()));
    }

    private static String inner(String target) {
        if (!target.startsWith("/")) {
            return target;
        }
        boolean root = target.equals("/") || target.startsWith("/?");
        return INNER + (root ? target.substring(1) : target);
    }

    @TestFactory
    protected Stream<DynamicTest> redirected() {
        String policy =
                TestPolicies.besides(
                        Canary.PATH,
                        "redirect: { scheme: https, host: inner.test, path: { prefix: /inner }, status: 308 }");
        return vectors()
                .map(
                        vector ->
                                row(
                                        vector.id(),
                                        vector.note(),
                                        () -> {
                                            proxy.updatePolicy(policy);
                                            judgeRedirect(vector);
                                        }));
    }

    private void judgeRedirect(Vector vector) throws IOException {
        upstream.forget();
        RawResponse response;
        try (RawClient client = RawClient.connect(proxy.address())) {
            client.write(vector.input());
            response = client.readResponse(vector.method());
        }
        if (response.status() == 308) {
            assertThat(vector.elsewhere().forwarded()).as(vector.id()).isTrue();
            assertThat(response.head().fields().all("location"))
                    .as("where %s is sent", vector.id())
                    .singleElement()
                    .asString()
                    .matches(LOCATION);
        } else {
            assertThat(response.status()).as(vector.id()).isBetween(400, 599);
        }
        canary.sing();
        assertThat(upstream.requests()).allMatch(Canary::isOne);
    }
}
