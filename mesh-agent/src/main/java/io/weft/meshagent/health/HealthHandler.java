// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent.health;

import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.engine.Json;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.identity.Credentials;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.server.Exchange;
import io.weft.dataplane.server.RequestHandler;
import io.weft.dataplane.telemetry.Exposition;
import io.weft.dataplane.token.TokenVerifier;
import io.weft.meshagent.settings.AgentSettings;
import io.weft.policy.service.Service;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers probes and scrapes, which know nothing of the mesh. */
public final class HealthHandler implements RequestHandler {

    private static final int APP_TIMEOUT_MILLIS = 2_000;
    private static final byte[] OK = "{\"status\":\"UP\"}\n".getBytes(StandardCharsets.UTF_8);

    private final AgentSettings settings;
    private final Routing routing;
    private final WorkloadIdentity identity;
    private final TokenVerifier tokens;
    private final BooleanSupplier appAccepting;
    private final BooleanSupplier draining;
    private final Exposition metrics;

    /**
     * @param appAccepting whether the application accepts connections, true when there is none
     */
    public HealthHandler(
            AgentSettings settings,
            Routing routing,
            WorkloadIdentity identity,
            TokenVerifier tokens,
            BooleanSupplier appAccepting,
            BooleanSupplier draining,
            Exposition metrics) {
        this.settings = settings;
        this.routing = routing;
        this.identity = identity;
        this.tokens = tokens;
        this.appAccepting = appAccepting;
        this.draining = draining;
        this.metrics = metrics;
    }

    @Override
    public void handle(Exchange exchange) {
        switch (exchange.head().path()) {
            case "/live" -> exchange.respond(200, "OK", Json.TYPE, OK);
            case "/ready" -> ready(exchange);
            case "/metrics" -> later(exchange, this::scrape);
            case "/app-health" -> later(exchange, this::appHealth);
            default -> exchange.fail(new Failure.NoRoute(true));
        }
    }

    private void ready(Exchange exchange) {
        Plan plan = routing.plan();
        Credentials credentials = identity.credentials();
        boolean ready =
                plan != null
                        && identity.isValid()
                        && tokens.isSettled()
                        && appAccepting.getAsBoolean()
                        && !draining.getAsBoolean();
        String body =
                Json.object()
                        .put("ready", ready)
                        .put("policy", plan == null ? "none" : plan.policy().version().toString())
                        .put("app", appAccepting.getAsBoolean() ? "accepting" : "not accepting")
                        .put("draining", draining.getAsBoolean())
                        .put(
                                "identity",
                                credentials == null ? "none" : String.valueOf(credentials.id()))
                        .put("valid", identity.isValid())
                        .put("token-keys", tokens.isSettled() ? "asked for" : "awaited")
                        .end();
        respond(exchange, new Answer(ready ? 200 : 503, Json.TYPE, body));
    }

    private record Answer(int status, String type, String body) {}

    /** Scrapes and slow applications must not hold up the event loop. */
    private static void later(Exchange exchange, Supplier<Answer> work) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            Answer answer = work.get();
                            exchange.worker().loop().execute(() -> respond(exchange, answer));
                        });
    }

    private static void respond(Exchange exchange, Answer answer) {
        exchange.respond(
                answer.status,
                answer.status == 200 ? "OK" : "Service Unavailable",
                answer.type,
                answer.body.getBytes(StandardCharsets.UTF_8));
    }

    private Answer scrape() {
        return new Answer(200, Exposition.TYPE, metrics.scrape());
    }

    private Answer appHealth() {
        Integer port = settings.app().port();
        String path = healthPath();
        if (port == null || path == null) {
            return new Answer(200, Json.TYPE, Json.object().put("status", "UP").end());
        }
        int status = ask("http://" + settings.app().address() + ":" + port + path);
        boolean well = status >= 200 && status < 400;
        String body =
                Json.object()
                        .put("status", well ? "UP" : "DOWN")
                        .put("path", path)
                        .put("code", status)
                        .end();
        return new Answer(well ? 200 : 503, Json.TYPE, body);
    }

    private @Nullable String healthPath() {
        Plan plan = routing.plan();
        Service service =
                plan == null ? null : plan.policy().objects().services().get(settings.workload());
        return service == null || service.health() == null ? null : service.health().path();
    }

    /** The application's status, or 0 when it did not answer. */
    private static int ask(String url) {
        try {
            var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(APP_TIMEOUT_MILLIS);
            connection.setReadTimeout(APP_TIMEOUT_MILLIS);
            connection.setInstanceFollowRedirects(false);
            try {
                return connection.getResponseCode();
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return 0;
        }
    }
}
