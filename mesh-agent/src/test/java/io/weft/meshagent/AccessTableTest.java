// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.access.AccessCase;
import io.weft.conformance.access.AccessTable;
import io.weft.conformance.access.AccessTrial;
import io.weft.conformance.access.KeyServer;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import io.weft.conformance.tls.TestAuthority;
import io.weft.policy.feed.ApiKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The decision table, asked of the agents of the services that are called: by a client that shows
 * the caller's certificate, and by the caller's own agent.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AccessTableTest {

    private static final AccessTable TABLE = new AccessTable();
    private static final AccessTrial TRIAL = new AccessTrial(TABLE);
    private static final TestAuthority AUTHORITY = TestAuthority.create("weft.local");

    /** Connections that stay, by who calls whom: each case is one more request. */
    private static final Map<String, RawClient> CLIENTS = new HashMap<>();

    private static KeyServer keys;
    private static RecordingUpstream application;
    private static TestMesh mesh;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        keys = KeyServer.publishing(TABLE.key());
        application = RecordingUpstream.start("application", Scripts.echo());
        mesh =
                TestMesh.start(
                        AUTHORITY,
                        directory,
                        List.of(
                                "storefront",
                                "orders",
                                "catalog",
                                "ledger.finance",
                                "reports.finance"),
                        application.address());
        mesh.apiKeys(
                TABLE.apiKeys().values().stream()
                        .map(
                                each ->
                                        new ApiKey(
                                                AccessTable.sha256(each.secret()),
                                                each.client(),
                                                each.scopes(),
                                                List.of(),
                                                each.expires()))
                        .toList());
        mesh.policy(TABLE.policy(keys.url()));
        TABLE.signedIn()
                .forEach(each -> TRIAL.awaitKeys(each, each.service(), byCertificate(each)));
    }

    @AfterAll
    static void stop() throws IOException {
        for (RawClient each : CLIENTS.values()) {
            each.close();
        }
        mesh.close();
        keys.close();
        application.close();
        assertThat(application.failures()).isEmpty();
        assertThat(application.requests())
                .noneMatch(
                        each ->
                                each.header("x-api-key")
                                        .filter(value -> value.startsWith("weft_key_"))
                                        .isPresent());
    }

    @TestFactory
    Stream<DynamicTest> decidesAboutWhoeverShowsACertificate() {
        return TABLE.cases().stream()
                .map(
                        each ->
                                DynamicTest.dynamicTest(
                                        each.toString(),
                                        () ->
                                                TRIAL.ask(
                                                        each,
                                                        each.service(),
                                                        byCertificate(each))));
    }

    private static RawClient byCertificate(AccessCase asked) {
        String way = asked.caller() + "@" + asked.address() + ">" + asked.service();
        return CLIENTS.computeIfAbsent(way, _ -> connect(asked));
    }

    private static RawClient connect(AccessCase asked) {
        InetSocketAddress callee = mesh.inbound(asked.service());
        try {
            InetAddress from = InetAddress.getByName(asked.address());
            return asked.caller().isEmpty()
                    ? RawClient.connect(from, callee)
                    : RawClient.connect(mesh.identity(asked.caller().get()), from, callee);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The agent of the caller is there for workloads, and calls from its own address. */
    @TestFactory
    Stream<DynamicTest> decidesAboutWhoeverCallsThroughItsAgent() {
        return TABLE.cases().stream()
                .filter(each -> each.caller().filter(mesh::hasAgent).isPresent())
                .filter(each -> each.address().equals("127.0.0.1"))
                .map(
                        each ->
                                DynamicTest.dynamicTest(
                                        each.toString(),
                                        () -> TRIAL.ask(each, each.service(), byAgent(each))));
    }

    @Test
    void explainsWhatEachRuleMakesOfARequest() throws Exception {
        String secret = Objects.requireNonNull(TABLE.apiKeys().get("reporting")).secret();
        String told =
                explain(
                        "orders",
                        "host=orders&path=/export/x&from=gateway&header=x-api-key:" + secret);
        assertThat(told)
                .contains(
                        "\"source\":\"gateway at 127.0.0.1\"",
                        "\"access\":\"allowed\",\"by\":\"reporting-exports\"",
                        "\"shadow\":[\"tried-get\"]",
                        "\"rule\":\"no-secrets-for-audits\",\"mode\":\"enforce\",\"effect\":\"deny\","
                                + "\"applies\":false,\"unmet\":\"to.paths\"")
                .doesNotContain(secret);
        assertThat(explain("orders", "host=orders&path=/export/x&from=gateway"))
                .contains(
                        "\"access\":\"sign-in needed\",\"by\":\"reporting-exports\"",
                        "\"unmet\":\"user.api-key\",\"credential\":\"none\"");
        assertThat(explain("reports.finance", "host=r&from=storefront&address=127.0.0.9"))
                .contains("\"access\":\"refused\"", "\"unmet\":\"from.networks\"");
        assertThat(
                        explain(
                                "orders",
                                "host=orders&from=nobody&path=/admin/1&header=authorization:Bearer%20x"))
                .contains(
                        "\"source\":\"unidentified at 127.0.0.1\"",
                        "\"credential\":\"the token is not a signed JWT\"");
    }

    @Test
    void saysThatOnlyTheCalleeKnowsItsRules() throws Exception {
        assertThat(explain("storefront", "host=orders&path=/export/x"))
                .contains(
                        "\"destination\":\"orders\",\"access\":\"unknown\"",
                        "ask one of them with from=storefront")
                .doesNotContain("reporting-exports", "\"by\"", "\"rules\"");
        assertThat(explain("orders", "host=orders&path=/export/x"))
                .contains("\"destination\":\"orders\",\"access\":\"refused\"");
    }

    private static String explain(String agent, String query) throws IOException {
        try (RawClient client = RawClient.connect(mesh.admin(agent))) {
            return Wire.text(
                    client.exchange("GET /explain?" + query + " HTTP/1.1\r\nHost: a\r\n\r\n")
                            .body());
        }
    }

    private static RawClient byAgent(AccessCase asked) {
        String caller = asked.caller().orElseThrow();
        return CLIENTS.computeIfAbsent(
                "agent of " + caller,
                _ -> {
                    try {
                        return RawClient.connect(mesh.outbound(caller));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }
}
