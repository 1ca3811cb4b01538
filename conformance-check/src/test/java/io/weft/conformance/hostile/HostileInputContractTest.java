// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.weft.conformance.model.Flaw;
import io.weft.conformance.model.ModelProxy;
import io.weft.conformance.proxy.Endpoint;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import io.weft.conformance.proxy.TestPolicies;
import io.weft.conformance.raw.RecordingUpstream;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The suite notices flaws, each by the row that is about it. */
class HostileInputContractTest {

    static final class GoingInCircles extends HostileInputContract {

        @Override
        protected ProxyUnderTest start(ProxySpec spec) throws IOException {
            return new ModelProxy(Plane.EDGE, spec, Flaw.GOES_IN_CIRCLES);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TAKES_THE_FIRST_LENGTH, framing.yml, H-03.1",
        "FORGIVES_CHUNK_ENDS, framing.yml, H-57.1",
        "SHOWS_STACK_TRACES, framing.yml, H-73",
        "LOGS_NOTHING, framing.yml, H-73",
        "PASSES_HOP_BY_HOP_FIELDS, framing.yml, H-91b",
        "KEEPS_DOT_SEGMENTS, targets.yml, U-05",
        "TRUSTS_FORWARDED_FOR, forwarding.yml, X-01a"
    })
    void noticesFlawInRequests(Flaw flaw, String file, String id) throws IOException {
        Vector vector =
                only(VectorFile.requests(file).stream().filter(v -> v.id().equals(id)).toList());
        try (RecordingUpstream upstream = RecordingUpstream.start();
                ProxyUnderTest proxy = flawed(flaw, upstream);
                Canary canary = new Canary(proxy.address())) {
            RequestTrial trial = new RequestTrial(proxy, upstream, canary);
            assertThatThrownBy(() -> trial.judge(vector))
                    .isInstanceOfAny(AssertionError.class, ConditionTimeoutException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DECIDES_ABOUT_WHAT_WAS_SENT, U-05",
        "DECIDES_ABOUT_WHAT_WAS_SENT, U-06c",
        "LETS_EVERYBODY_IN, U-13a",
        "LETS_EVERYBODY_IN, U-02ab",
        "LOGS_NOTHING, U-13a"
    })
    void noticesWhoIsLetIn(Flaw flaw, String id) throws IOException {
        Vector vector =
                only(
                        VectorFile.requests("targets.yml").stream()
                                .filter(v -> v.id().equals(id))
                                .toList());
        try (RecordingUpstream upstream = RecordingUpstream.start();
                ProxyUnderTest proxy = flawed(flaw, upstream);
                Canary canary = new Canary(proxy.address())) {
            proxy.updatePolicy(TestPolicies.guarded(URI.create("http://127.0.0.1:1/")));
            RequestTrial trial = new RequestTrial(proxy, upstream, canary);
            Vector asked = Visitor.NOBODY.sending(vector, _ -> Optional.empty());
            assertThatThrownBy(() -> trial.judge(asked))
                    .isInstanceOfAny(AssertionError.class, ConditionTimeoutException.class);
        }
    }

    @Test
    void noticesThatPoisonedConnectionsAreKept() throws IOException {
        UpstreamVector vector =
                only(
                        VectorFile.answers("upstream.yml").stream()
                                .filter(v -> v.id().equals("E-03b"))
                                .toList());
        try (RecordingUpstream upstream = RecordingUpstream.start();
                ProxyUnderTest proxy = flawed(Flaw.KEEPS_POISONED_CONNECTIONS, upstream);
                Canary canary = new Canary(proxy.address())) {
            UpstreamTrial trial = new UpstreamTrial(proxy, upstream, canary);
            assertThatThrownBy(() -> trial.judge(vector)).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void noticesLoops() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(GoingInCircles.class, "stopsALoopThroughItself"))
                .execute()
                .testEvents()
                .assertStatistics(statistics -> statistics.started(1).failed(1));
    }

    private static ProxyUnderTest flawed(Flaw flaw, RecordingUpstream upstream) throws IOException {
        return new ModelProxy(
                Plane.EDGE, ProxySpec.of(TestPolicies.open(), Endpoint.of(upstream)), flaw);
    }

    private static <T> T only(List<T> list) {
        if (list.size() != 1) {
            throw new IllegalStateException(list.size() + " vectors");
        }
        return list.getFirst();
    }
}
