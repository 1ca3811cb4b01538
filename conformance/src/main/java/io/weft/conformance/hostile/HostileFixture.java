// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.proxy.Endpoint;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import io.weft.conformance.proxy.TestPolicies;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/**
 * One proxy, one upstream behind it and innocent clients beside the hostile ones, for a whole
 * suite.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
abstract class HostileFixture {

    /** What direct memory may grow by, whatever a client promises, repeats or piles up. */
    static final long LITTLE = 64L << 20;

    private final List<ProxyUnderTest> launched = new ArrayList<>();
    RecordingUpstream upstream;
    ProxyUnderTest proxy;
    Canary canary;

    /** Starts a proxy; the suite closes it. */
    protected abstract ProxyUnderTest start(ProxySpec spec) throws Exception;

    /** Ids of the corpus that this host does not meet yet, each with the reason. */
    protected Map<String, String> gaps() {
        return Map.of();
    }

    @BeforeAll
    final void startAll() throws Exception {
        upstream = RecordingUpstream.start();
        proxy = launch(Endpoint.of(upstream));
        canary = new Canary(proxy.address());
    }

    @AfterAll
    final void stopAll() throws IOException {
        canary.close();
        for (ProxyUnderTest each : launched.reversed()) {
            each.close();
        }
        upstream.close();
    }

    @BeforeEach
    final void startOver() throws IOException {
        upstream.answerWith(Scripts.echo());
        upstream.forget();
    }

    @AfterEach
    final void trustFixture() {
        assertThat(upstream.failures()).as("failures of the fixture itself").isEmpty();
    }

    final ProxyUnderTest launch(Endpoint... endpoints) throws Exception {
        ProxyUnderTest started = start(ProxySpec.of(TestPolicies.open(), endpoints));
        launched.add(started);
        return started;
    }

    /** A test with the id of its row; skipped, with the reason, where the host has a gap. */
    final DynamicTest row(String id, String note, Executable judge) {
        return DynamicTest.dynamicTest(
                note.isEmpty() ? id : id + " " + note,
                () -> {
                    if (gaps().containsKey(id)) {
                        Assumptions.abort(gaps().get(id));
                    }
                    judge.execute();
                });
    }

    static RawResponse get(ProxyUnderTest proxy, String path) throws IOException {
        try (RawClient client = RawClient.connect(proxy.address())) {
            return client.exchange(Wire.head("GET " + path + " HTTP/1.1", "Host: a.test"));
        }
    }
}
