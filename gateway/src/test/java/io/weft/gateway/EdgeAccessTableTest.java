// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.access.AccessCase;
import io.weft.conformance.access.AccessTable;
import io.weft.conformance.access.AccessTrial;
import io.weft.conformance.access.KeyServer;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import io.weft.dataplane.token.TokenVerifier;
import io.weft.policy.feed.ApiKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** The decision table, asked by users from outside; services answer by mutual TLS. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EdgeAccessTableTest {

    private static final AccessTable TABLE = new AccessTable();
    private static final AccessTrial TRIAL = new AccessTrial(TABLE);

    private static final List<RecordingUpstream> SERVICES = new ArrayList<>();
    private static KeyServer keys;
    private static RunningGateway gateway;
    private static RawClient client;

    @BeforeAll
    static void start() throws Exception {
        keys = KeyServer.publishing(TABLE.key());
        gateway = RunningGateway.start(GatewayApplication.class, Map.of());
        gateway.bean(TokenVerifier.class)
                .apiKeys()
                .replace(
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
        gateway.policy(TABLE.policy(keys.url()));
        for (String name : names()) {
            RecordingUpstream service =
                    RecordingUpstream.start(
                            name,
                            Scripts.echo(),
                            RunningGateway.AUTHORITY.workload(name).believingEverybody());
            SERVICES.add(service);
            gateway.endpoints(
                    name, List.of(new RunningGateway.Endpoint(service.address(), Map.of(), true)));
        }
        client = RawClient.connect(gateway.address());
        TABLE.signedIn().forEach(each -> TRIAL.awaitKeys(each, each.edgeHost(), client));
    }

    private static List<String> names() {
        return cases().map(AccessCase::service).distinct().toList();
    }

    private static Stream<AccessCase> cases() {
        return TABLE.cases().stream().filter(AccessCase::isForTheEdge);
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        gateway.close();
        keys.close();
        for (RecordingUpstream service : SERVICES) {
            service.close();
            assertThat(service.failures()).isEmpty();
        }
    }

    @TestFactory
    Stream<DynamicTest> decidesAsTheTableSays() {
        return cases().map(each -> DynamicTest.dynamicTest(each.toString(), () -> ask(each)));
    }

    private static void ask(AccessCase asked) throws IOException {
        TRIAL.ask(asked, asked.edgeHost(), client);
    }
}
