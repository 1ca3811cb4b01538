// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.TestPolicies;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proxy that chooses the destination does with requests beyond sending them there. */
public abstract class ShapingContract extends ForwardingFixture {

    private static final int LIMIT = 64 * 1024;
    private static final String LATER = "2999-01-01T00:00:00Z";

    private void rule(String keys) throws IOException {
        proxy.updatePolicy(TestPolicies.toApp("to: { app: 100 }, " + keys));
    }

    // ---- bodies ---------------------------------------------------------------------------------

    private static String chunk(int size) {
        return "%x\r\n%s\r\n".formatted(size, "x".repeat(size));
    }

    @ParameterizedTest
    @ValueSource(ints = {LIMIT, 1_000})
    protected void takesABodyOfExactlyTheLimit(int limit) throws IOException {
        rule("max-body: " + limit + "B");
        assertThat(client().exchange(post("x".repeat(limit))).status()).isEqualTo(200);
        String chunked = request("POST", "/p", "Transfer-Encoding: chunked");
        RawResponse response =
                client().exchange(chunked + chunk(limit - 1) + chunk(1) + "0\r\n\r\n");
        assertThat(response.status()).isEqualTo(200);
        assertThat(upstream.requests()).allMatch(each -> each.bodyBytes() == limit);
    }

    @Test
    protected void refusesADeclaredLengthAboveTheLimitUnseen() throws IOException {
        rule("max-body: 64KiB");
        RawResponse response =
                client().exchange(request("POST", "/p", "Content-Length: " + (LIMIT + 1)));
        ProblemDocument.assertIn(response, 413, "client");
        assertThat(upstream.requests()).isEmpty();
    }

    /** The service never gets more than the limit, whether or not it has begun to read. */
    @ParameterizedTest
    @ValueSource(ints = {LIMIT, 1_000})
    protected void refusesChunksOneByteAboveTheLimit(int limit) throws IOException {
        rule("max-body: " + limit + "B");
        RawClient client = client();
        client.write(request("POST", "/p", "Transfer-Encoding: chunked"));
        client.write(chunk(limit));
        client.write(chunk(1) + "0\r\n\r\n");
        ProblemDocument.assertIn(client.readResponse("POST"), 413, "client");
        await().until(() -> upstream.connections().stream().allMatch(c -> c.ending().isPresent()));
        assertThat(upstream.requests())
                .allSatisfy(
                        each -> {
                            assertThat(each.bodyBytes()).isLessThanOrEqualTo(limit);
                            assertThat(each.complete()).isFalse();
                        });
    }

    // ---- answers without a service --------------------------------------------------------------

    @Test
    protected void answersByItself() throws IOException {
        String page = "<!doctype html><title>Back soon</title>";
        proxy.updatePolicy(
                TestPolicies.toApp(
                        "respond: { status: 503, headers: { retry-after: '120' }, body: '"
                                + page
                                + "' }"));
        RawClient client = client();
        RawResponse response = client.exchange(get("/"));
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("retry-after")).contains("120");
        assertThat(response.header("content-type")).contains("text/html; charset=utf-8");
        assertThat(response.text()).isEqualTo(page);
        client.write(request("HEAD", "/"));
        assertThat(client.readResponse("HEAD").header("content-length"))
                .contains(String.valueOf(page.length()));
        assertThat(client.exchange(post("read, and thrown away")).status()).isEqualTo(503);
        assertThat(client().exchange(get("/")).status()).isEqualTo(503);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    protected void answersWithoutABody() throws IOException {
        proxy.updatePolicy(TestPolicies.toApp("respond: { status: 204 }"));
        RawClient client = client();
        for (int i = 0; i < 2; i++) {
            RawResponse response = client.exchange(get("/"));
            assertThat(response.status()).isEqualTo(204);
            assertThat(response.header("content-length")).isEmpty();
        }
    }

    // ---- trouble on purpose ---------------------------------------------------------------------

    @Test
    protected void abortsOnPurpose() throws IOException {
        rule("fault: { abort: { status: 503 }, until: " + LATER + " }");
        ProblemDocument.assertIn(client().exchange(get("/")), 503, "fault");
        assertThat(upstream.requests()).isEmpty();
        rule("fault: { abort: { percent: 0, status: 503 }, until: " + LATER + " }");
        assertThat(client().exchange(get("/")).status()).isEqualTo(200);
        rule("fault: { abort: { status: 503 }, until: 2020-01-01T00:00:00Z }");
        assertThat(client().exchange(get("/")).status()).isEqualTo(200);
    }

    /** A page of another origin gets to see why a request of its own failed. */
    @Test
    protected void showsPagesOfOtherOriginsItsOwnAnswers() throws IOException {
        rule(
                "cors: { origins: ['https://shop.example'] }, fault: { abort: { status: 503 }, until: "
                        + LATER
                        + " }");
        RawResponse seen = client().exchange(request("GET", "/", "Origin: https://shop.example"));
        ProblemDocument.assertIn(seen, 503, "fault");
        assertThat(seen.header("access-control-allow-origin")).contains("https://shop.example");
        RawResponse unseen = client().exchange(request("GET", "/", "Origin: https://evil.example"));
        ProblemDocument.assertIn(unseen, 503, "fault");
        assertThat(unseen.header("access-control-allow-origin")).isEmpty();
    }

    @Test
    protected void delaysOnPurposeWithinTheRequestsTime() throws IOException {
        rule("fault: { delay: { for: 300ms }, until: " + LATER + " }");
        long start = System.nanoTime();
        assertThat(client().exchange(post("waits")).status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofMillis(299));

        rule("timeout: { request: 300ms }, fault: { delay: { for: 1m }, until: " + LATER + " }");
        upstream.forget();
        ProblemDocument.assertIn(client().exchange(get("/")), 504, "timeout");
        assertThat(upstream.requests()).isEmpty();
    }

    // ---- copies ---------------------------------------------------------------------------------

    private String withCopies() {
        return TestPolicies.toApp("to: { app/v1: 100 }, mirror: { app/v2: 100 }");
    }

    @Test
    protected void doesNotCareWhetherCopiesAreAnswered() throws IOException {
        RecordingUpstream silent = upstream("v2", Scripts.silence());
        instances(upstream, silent);
        proxy.updatePolicy(withCopies());
        RawClient client = client();
        for (int i = 0; i < 300; i++) {
            assertThat(client.exchange(get("/" + i)).status()).isEqualTo(200);
        }
        await().until(() -> !silent.requests().isEmpty());
        // Each loop sends so many at once and no more while none of them is answered.
        assertThat(silent.requests()).hasSizeLessThanOrEqualTo(128);
    }

    @Test
    protected void doesNotCareWhetherCopiesCanBeSent() throws IOException {
        instances(upstream);
        proxy.updatePolicy(withCopies());
        RawClient client = client();
        for (int i = 0; i < 10; i++) {
            assertThat(client.exchange(post("body")).status()).isEqualTo(200);
        }
    }

    /** A body that is too large to keep goes to the service alone. */
    @Test
    protected void copiesNoLargeBodies() throws IOException {
        RecordingUpstream other = upstream("v2", Scripts.echo());
        instances(upstream, other);
        proxy.updatePolicy(withCopies());
        assertThat(client().exchange(post("x".repeat(1 << 20))).status()).isEqualTo(200);
        assertThat(client().exchange(post("small")).status()).isEqualTo(200);
        await().until(() -> !other.requests().isEmpty());
        assertThat(other.requests()).hasSize(1);
        assertThat(other.requests().getFirst().body()).asString().isEqualTo("small");
    }

    // ---- time -----------------------------------------------------------------------------------

    @Test
    protected void waitsNoLongerThanAGrpcClient() throws IOException {
        upstream.answerWith(Scripts.silence());
        long start = System.nanoTime();
        RawResponse response = client().exchange(request("GET", "/", "grpc-timeout: 300m"));
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        ProblemDocument.assertIn(response, 504, "timeout");
        assertThat(taken).isBetween(Duration.ofMillis(295), Duration.ofMillis(1_000));
        RecordedRequest asked = upstream.requests().getFirst();
        assertThat(asked.header("grpc-timeout").orElseThrow()).matches("(2[0-9][0-9]|300)m");
        await().until(() -> upstream.connections().getFirst().ending().isPresent());
    }

    @Test
    protected void believesWhatAnApplicationSaysAboutItsOwnTimeAndNobodyElse() throws IOException {
        long past = System.currentTimeMillis() - 1_000;
        String[] said = {
            "x-weft-deadline: " + past, "x-weft-remaining-ms: 0", "x-weft-shadow: true"
        };
        RawResponse response = client().exchange(request("GET", "/", said));
        if (proxy.plane() == Plane.OUTBOUND) {
            ProblemDocument.assertIn(response, 504, "timeout");
            assertThat(upstream.requests()).isEmpty();
        } else {
            assertThat(response.status()).isEqualTo(200);
            assertThat(upstream.requests().getFirst().head().fields().toString())
                    .doesNotContain("x-weft-");
        }
        assertThat(client().exchange(request("GET", "/", "x-weft-remaining-ms: 0")).status())
                .isEqualTo(200);
    }

    @Test
    protected void marksWhatACopyCausesAsACopy() throws IOException {
        Assumptions.assumeTrue(proxy.plane() == Plane.OUTBOUND, "only applications are believed");
        assertThat(client().exchange(request("GET", "/", "x-weft-shadow: true")).status())
                .isEqualTo(200);
        assertThat(upstream.requests().getFirst().header("x-weft-shadow")).contains("true");
    }

    @Test
    protected void saysNothingAboutTimeWithoutALimit() throws IOException {
        assertThat(client().exchange(get("/")).status()).isEqualTo(200);
        String fields = upstream.requests().getFirst().head().toString().toLowerCase(Locale.ROOT);
        assertThat(fields).doesNotContain("x-weft-").doesNotContain("timeout");
    }
}
