// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.apikey;

import io.weft.configserver.state.DurableFile;
import io.weft.dataplane.identity.AuthClient;
import io.weft.dataplane.identity.Credentials;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.policy.feed.ApiKey;
import io.weft.policy.feed.FeedCodec;
import io.weft.policy.feed.FeedCodec.UnreadableMessageException;
import io.weft.policy.feed.FeedMessage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the auth service which API keys there are, one question at a time, and tells what is new.
 * While it does not answer, what it said last holds; that is on disk, too.
 */
public final class ApiKeyFollower implements AutoCloseable {

    /** A key is to be usable, and unusable, within 5 s everywhere. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(ApiKeyFollower.class);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final AuthClient authService;
    private final WorkloadIdentity identity;
    private final DurableFile file;
    private final Consumer<FeedMessage.ApiKeys> told;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("api-keys").daemon().factory());

    private FeedMessage.@Nullable ApiKeys known;
    private @Nullable String tag;
    private boolean failing;

    /**
     * @param file keeps them, as hashes
     * @param told hears of them when they have changed
     */
    public ApiKeyFollower(
            AuthClient authService,
            WorkloadIdentity identity,
            DurableFile file,
            Consumer<FeedMessage.ApiKeys> told) {
        this.authService = authService;
        this.identity = identity;
        this.file = file;
        this.told = told;
    }

    /** What the auth service says of one; what it says besides is not for proxies. */
    private record Key(
            String sha256,
            String client,
            List<String> scopes,
            List<String> roles,
            @Nullable Instant expires) {
        private ApiKey forProxies() {
            return new ApiKey(sha256, client, scopes, roles, expires);
        }
    }

    private record Listing(List<Key> keys) {}

    /** Tells what was known before, and begins to ask. */
    public void start() {
        restore();
        thread.scheduleWithFixedDelay(this::ask, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void restore() {
        try {
            for (String line : file.read()) {
                if (FeedCodec.readFromControlPlane(line) instanceof FeedMessage.ApiKeys kept) {
                    known = kept;
                    told.accept(kept);
                }
            }
        } catch (IOException | UnreadableMessageException e) {
            log.warn("{} cannot be read, starting without it: {}", file, e.getMessage());
        }
    }

    private void ask() {
        Credentials credentials = identity.credentials();
        if (credentials == null || !identity.isValid()) {
            return;
        }
        try {
            AuthClient.Answer answer = authService.get(credentials, "/api-keys", tag);
            if (answer.status() == 200) {
                hear(answer);
            } else if (answer.status() != 304) {
                throw new IOException("it answers " + answer.status());
            }
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                log.warn("The API keys stay as they are: {}", e.getMessage());
            }
            failing = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hear(AuthClient.Answer answer) throws IOException {
        FeedMessage.ApiKeys now = read(answer.body());
        if (!now.equals(known)) {
            told.accept(now);
            known = now;
            log.info("{} API keys are in force", now.keys().size());
            file.write(List.of(FeedCodec.write(now)));
        }
        tag = answer.tag();
    }

    private static FeedMessage.ApiKeys read(String body) throws IOException {
        try {
            return new FeedMessage.ApiKeys(
                    JSON.readValue(body, Listing.class).keys().stream()
                            .map(Key::forProxies)
                            .toList());
        } catch (JacksonException e) {
            throw new IOException("no list of API keys", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
