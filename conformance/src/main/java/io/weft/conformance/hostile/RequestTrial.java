// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.proxy.ProxyUnderTest;
import io.weft.conformance.proxy.Rejection;
import io.weft.conformance.raw.RecordedConnection;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionFactory;

/**
 * Judges what a proxy does with one hostile request:
 *
 * <ol>
 *   <li>O1: what the client sees;
 *   <li>O2: only canonical requests, one for each accepted one, reach the upstream;
 *   <li>O3: innocent requests on the same connection and from other clients get their own answers;
 *   <li>O5: each refusal has one logged reason, and the answer tells nothing about the inside;
 *   <li>O6: all of that however the bytes are cut.
 * </ol>
 */
final class RequestTrial {

    private final ProxyUnderTest proxy;
    private final RecordingUpstream upstream;
    private final Canary canary;

    RequestTrial(ProxyUnderTest proxy, RecordingUpstream upstream, Canary canary) {
        this.proxy = proxy;
        this.upstream = upstream;
        this.canary = canary;
    }

    void judge(Vector vector) throws IOException, InterruptedException {
        Verdict whole = judge(vector, List.of(new Delivery.Whole()), Optional.empty());
        judge(vector, Delivery.others(vector.id(), vector.input()), Optional.of(whole));
    }

    /** As {@link #judge}, without cutting the bytes: for what says nothing new about reading. */
    void judgeUncut(Vector vector) throws IOException, InterruptedException {
        judge(vector, List.of(new Delivery.Whole(), new Delivery.Followed()), Optional.empty());
    }

    private Verdict judge(Vector vector, List<Delivery> ways, Optional<Verdict> same)
            throws IOException, InterruptedException {
        upstream.forget();
        int rejections = proxy.rejections().size();
        List<Verdict> verdicts =
                Crowd.each(ways, way -> new Attempt(vector, way).run(proxy.address()));
        for (int i = 0; i < ways.size(); i++) {
            judge(vector, ways.get(i), verdicts.get(i), same);
        }
        judgeUpstream(vector, verdicts);
        if (same.isEmpty()) {
            judgeRejections(vector, verdicts, rejections);
        }
        canary.sing();
        return verdicts.getFirst();
    }

    private void judge(Vector vector, Delivery way, Verdict verdict, Optional<Verdict> same) {
        Optional<String> objection =
                verdict.objection(vector.expectation(proxy.plane()))
                        .or(
                                () ->
                                        same.filter(w -> !w.equals(verdict))
                                                .map(w -> "sent whole: " + w));
        objection.ifPresent(
                why ->
                        fail(
                                "%s\nsent %s\nexpected: %s\nbut was: %s\nbecause: %s\n%s",
                                Wire.shown(Wire.bytes(vector.input())),
                                way,
                                vector.expectation(proxy.plane()),
                                verdict,
                                why,
                                upstreamSaw()));
    }

    private void judgeUpstream(Vector vector, List<Verdict> verdicts) {
        long accepted = verdicts.stream().filter(Verdict::forwarded).count();
        soon().untilAsserted(
                        () -> assertThat(complete()).as(this::upstreamSaw).hasSize((int) accepted));
        for (RecordedRequest request : hostile()) {
            List<String> differences =
                    request.complete()
                            ? vector.upstream().differences(request)
                            : request.departures();
            assertThat(differences).as(() -> "upstream saw " + request).isEmpty();
        }
        if (!vector.expectation(proxy.plane()).mayReachUpstreamInPart()) {
            assertThat(hostile()).as(this::upstreamSaw).hasSize((int) accepted);
        }
        assertThat(unreadable()).as("connections to the upstream").isEmpty();
    }

    private void judgeRejections(Vector vector, List<Verdict> verdicts, int before) {
        Verdict verdict = verdicts.getFirst();
        assertThat(verdicts).as("verdicts on " + vector.id()).allMatch(verdict::equals);
        int refused = verdict.refused() ? verdicts.size() : 0;
        soon().untilAsserted(
                        () ->
                                assertThat(proxy.rejections().size() - before)
                                        .as("logged reasons for " + vector.id())
                                        .isEqualTo(refused));
        List<Rejection> all = proxy.rejections();
        assertThat(all.subList(before, all.size()))
                .allSatisfy(
                        rejection -> {
                            assertThat(rejection.status()).isEqualTo(verdict.status());
                            assertThat(rejection.reason()).matches("[A-Za-z][\\w.-]*");
                        });
    }

    /** Asks at once and often: thousands of trials wait here. */
    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(5))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2));
    }

    private List<RecordedRequest> hostile() {
        return upstream.requests().stream().filter(request -> !Canary.isOne(request)).toList();
    }

    private List<RecordedRequest> complete() {
        return hostile().stream().filter(RecordedRequest::complete).toList();
    }

    private List<RecordedConnection> unreadable() {
        return upstream.connections().stream()
                .filter(c -> c.malformed().isPresent() || c.fragment().length > 0)
                .toList();
    }

    private String upstreamSaw() {
        return "upstream saw "
                + hostile().stream()
                        .limit(5)
                        .map(RecordedRequest::toString)
                        .collect(Collectors.joining("\n  ", "[", "]"))
                + unreadable();
    }
}
