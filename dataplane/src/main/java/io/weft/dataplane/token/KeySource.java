// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import io.weft.dataplane.telemetry.TokenCounts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of one issuer: fetched when its first policy comes into force, fetched again before they
 * are old, and kept when the issuer is away. All of that on one thread, one fetch at a time;
 * readers only look.
 */
final class KeySource {

    private static final Logger LOG = LoggerFactory.getLogger(KeySource.class);

    /** A set of keys has a few KiB. */
    private static final int LARGEST_ANSWER = 512 * 1_024;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Anybody can name a key that does not exist. */
    static final Duration BETWEEN_UNKNOWN_KEYS = Duration.ofSeconds(30);

    private static final Pattern MAX_AGE =
            Pattern.compile("(?:^|[, ])max-age=([0-9]{1,9})(?:$|[, ])");
    private static final Duration LONGEST_AGE = Duration.ofHours(1);

    private final URI url;
    private final HttpClient client;
    private final TokenSettings settings;
    private final Clock clock;
    private final ScheduledExecutorService thread;
    private final TokenCounts counts;
    private final KeyStore store;
    private final AtomicReference<Instant> askedForUnknownKey = new AtomicReference<>(Instant.MIN);

    private volatile KeyStore.@Nullable Kept kept;
    private volatile boolean closed;
    private volatile boolean tried;

    // Only the one thread touches these.
    private @Nullable String entityTag;
    private @Nullable ScheduledFuture<?> next;
    private boolean fetching;
    private Duration pause = FIRST_PAUSE;

    KeySource(
            URI url,
            HttpClient client,
            TokenSettings settings,
            Clock clock,
            ScheduledExecutorService thread,
            TokenCounts counts) {
        this.url = url;
        this.client = client;
        this.settings = settings;
        this.clock = clock;
        this.thread = thread;
        this.counts = counts;
        this.store = new KeyStore(settings.stateDirectory(), url);
        this.kept = store.load().orElse(null);
        thread.execute(this::fetch);
    }

    /** The keys as they are now. */
    KeySet keys() throws RefusedTokenException {
        KeyStore.Kept now = kept;
        if (now == null) {
            throw new RefusedTokenException(Refusal.NO_KEYS);
        }
        if (now.at().plus(settings.stale()).isBefore(clock.instant())) {
            throw new RefusedTokenException(Refusal.STALE_KEYS);
        }
        return now.keys();
    }

    /** Says that somebody used a key that is not among these; perhaps it is new. */
    void missed() {
        Instant now = clock.instant();
        Instant last = askedForUnknownKey.get();
        boolean due = last.equals(Instant.MIN) || !now.isBefore(last.plus(BETWEEN_UNKNOWN_KEYS));
        if (due && askedForUnknownKey.compareAndSet(last, now)) {
            thread.execute(this::fetch);
        }
    }

    /** Whether there are keys, or a first attempt to have some has failed. */
    boolean isSettled() {
        return tried || kept != null;
    }

    void close() {
        closed = true;
    }

    private void fetch() {
        if (fetching || closed) {
            return;
        }
        fetching = true;
        if (next != null) {
            next.cancel(false);
        }
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(
                        request(),
                        BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        // A timeout of the request alone ends with the head of the answer.
        answer.orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .whenCompleteAsync(
                        (response, failure) -> {
                            answer.cancel(true);
                            fetched(response, failure);
                        },
                        thread);
    }

    private HttpRequest request() {
        var request =
                HttpRequest.newBuilder(url)
                        .timeout(TIMEOUT)
                        .header("accept", "application/jwk-set+json, application/json");
        if (entityTag != null) {
            request.header("if-none-match", entityTag);
        }
        return request.build();
    }

    private void fetched(@Nullable HttpResponse<byte[]> response, @Nullable Throwable failure) {
        fetching = false;
        try {
            if (response == null) {
                throw new IOException(String.valueOf(failure));
            }
            take(response);
            counts.fetched(true);
            pause = FIRST_PAUSE;
            schedule(age(response.headers()).multipliedBy(4).dividedBy(5));
        } catch (IOException | ParseException | RuntimeException e) {
            counts.fetched(false);
            LOG.warn("no keys from {}, those from before stay: {}", url, e.toString());
            schedule(pause);
            pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
        } finally {
            tried = true;
        }
    }

    private void take(HttpResponse<byte[]> response) throws IOException, ParseException {
        KeyStore.Kept before = kept;
        KeySet keys;
        if (response.statusCode() == 304 && before != null) {
            keys = before.keys();
        } else if (response.statusCode() == 200) {
            keys = KeySet.parse(response.body());
            entityTag = response.headers().firstValue("etag").orElse(null);
        } else {
            throw new IOException("status " + response.statusCode());
        }
        // The same keys stay the same object: what they have verified stays verified.
        if (before != null && before.keys().text().equals(keys.text())) {
            keys = before.keys();
        }
        var now = new KeyStore.Kept(keys, clock.instant());
        kept = now;
        store.save(now);
    }

    private Duration age(HttpHeaders headers) {
        Matcher matcher = MAX_AGE.matcher(headers.firstValue("cache-control").orElse(""));
        if (!matcher.find()) {
            return settings.refresh();
        }
        Duration given = Duration.ofSeconds(Long.parseLong(matcher.group(1)));
        Duration atLeast = shorter(settings.refresh(), BETWEEN_UNKNOWN_KEYS);
        return given.compareTo(atLeast) < 0 ? atLeast : shorter(given, LONGEST_AGE);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void schedule(Duration delay) {
        if (!closed && !thread.isShutdown()) {
            next = thread.schedule(this::fetch, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
