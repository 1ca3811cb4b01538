// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.forwarding;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.weft.conformance.model.Flaw;
import io.weft.conformance.model.ModelProxy;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/**
 * The suite notices flaws: each of these tests passes on the sound model and fails on a flawed one.
 */
class ForwardingContractTest {

    private static volatile Flaw flaw = Flaw.REPEATS_ANYTHING;

    static final class Flawed extends ForwardingContract {

        @Override
        protected ProxyUnderTest start(ProxySpec spec) throws IOException {
            return new ModelProxy(Plane.EDGE, spec, flaw);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "REPEATS_ANYTHING, sendsAnUnsafeRequestOnceOnly",
        "ENDS_CUT_ANSWERS_CLEANLY, tellsACutAnswerFromAWholeOne",
        "IGNORES_THAT_CLIENTS_LEAVE, cancelsWhenTheClientLeavesBeforeTheAnswer",
        "BUFFERS_ANSWERS, streamsAnswersAsTheyCome",
        "READS_AHEAD_WITHOUT_BOUND, readsNotFarAheadOfASlowClient",
        "TAKES_ZERO_FOR_A_WEIGHT, splitsByWeight",
        "CUTS_CONNECTIONS_WHEN_POLICY_CHANGES, losesNothingWhenThePolicyChanges",
        "FORGETS_THE_REQUEST_TIMEOUT, givesUpAtTheRequestTimeout",
        "PASSES_HOP_BY_HOP_FIELDS, doesNotForwardAnOfferToUpgrade",
        "TRUSTS_FORWARDED_FOR, namesItselfAndTheClient"
    })
    void noticesFlaw(Flaw planted, String test) {
        flaw = planted;
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(Flawed.class, test))
                .execute()
                .testEvents()
                .assertStatistics(statistics -> statistics.started(1).failed(1));
    }
}
