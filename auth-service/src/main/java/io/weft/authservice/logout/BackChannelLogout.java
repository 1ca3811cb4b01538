// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.logout;

import io.micrometer.core.instrument.MeterRegistry;
import io.weft.authservice.client.Clients;
import io.weft.authservice.token.Authorizations;
import io.weft.authservice.token.Authorizations.SignedIn;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;

/**
 * Ends sessions, and tells every client that was signed in to within them (OpenID Connect
 * Back-Channel Logout 1.0). Whoever signs out does not wait for the clients: they are told by a few
 * threads, each client at most three times. What is still to be told when this process ends is
 * lost; the tokens of the session are void nevertheless.
 */
public final class BackChannelLogout implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BackChannelLogout.class);

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(500), Duration.ofSeconds(2));
    private static final int AT_A_TIME = 8;
    private static final int WAITING = 1000;

    private final Authorizations authorizations;
    private final RegisteredClientRepository clients;
    private final LogoutTokens tokens;
    private final MeterRegistry meters;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(
                    AT_A_TIME,
                    AT_A_TIME,
                    10,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(WAITING),
                    Thread.ofPlatform().name("back-channel-", 0).daemon().factory());

    public BackChannelLogout(
            Authorizations authorizations,
            RegisteredClientRepository clients,
            LogoutTokens tokens,
            MeterRegistry meters) {
        this.authorizations = authorizations;
        this.clients = clients;
        this.tokens = tokens;
        this.meters = meters;
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Ends a session.
     *
     * @param session its {@code sid}
     */
    public void end(String session) {
        for (SignedIn each : authorizations.endSession(session)) {
            RegisteredClient client = clients.findById(each.clientId());
            URI uri = client == null ? null : Clients.backChannelLogoutOf(client);
            if (client != null && uri != null) {
                String token = tokens.token(client.getClientId(), each.subject(), session);
                tell(client.getClientId(), uri, token);
            }
        }
    }

    private void tell(String clientId, URI uri, String token) {
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                BodyPublishers.ofString(
                                        "logout_token="
                                                + URLEncoder.encode(token, StandardCharsets.UTF_8)))
                        .build();
        try {
            threads.execute(() -> tellUntilHeard(clientId, request));
        } catch (RejectedExecutionException e) {
            log.warn("Client {} is not told of a logout: too many are to be told", clientId);
            count("dropped");
        }
    }

    private void tellUntilHeard(String clientId, HttpRequest request) {
        try {
            for (Duration pause : PAUSES) {
                if (isSettled(clientId, request)) {
                    return;
                }
                Thread.sleep(pause);
            }
            if (!isSettled(clientId, request)) {
                log.warn("Client {} could not be told of a logout", clientId);
                count("failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Heard, or refused for good (400, section 2.8). */
    private boolean isSettled(String clientId, HttpRequest request) throws InterruptedException {
        try {
            int status = http.send(request, BodyHandlers.discarding()).statusCode();
            if (status == 200 || status == 204) {
                count("told");
                return true;
            }
            if (status == 400) {
                log.warn("Client {} refused a logout", clientId);
                count("refused");
                return true;
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private void count(String outcome) {
        meters.counter("weft.auth.back.channel.logouts", "outcome", outcome).increment();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        http.shutdownNow();
    }
}
