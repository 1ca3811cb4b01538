// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent.admin;

import io.weft.dataplane.engine.Explanations;
import io.weft.dataplane.engine.Json;
import io.weft.dataplane.engine.Question;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.server.Exchange;
import io.weft.dataplane.server.RequestHandler;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells operators of this machine what the agent knows, and takes their one order. */
public final class AdminHandler implements RequestHandler {

    private final Explanations explanations;
    private final Runnable drain;

    /**
     * @param drain begins to drain, without waiting for the end
     */
    public AdminHandler(Explanations explanations, Runnable drain) {
        this.explanations = explanations;
        this.drain = drain;
    }

    @Override
    public void handle(Exchange exchange) {
        switch (exchange.head().method() + " " + exchange.head().path()) {
            case "GET /policy" -> json(exchange, 200, explanations.policy());
            case "GET /explain" -> explain(exchange);
            case "POST /drain" -> {
                drain.run();
                json(exchange, 202, Json.object().put("draining", true).end());
            }
            default -> exchange.fail(new Failure.NoRoute(true));
        }
    }

    private static void json(Exchange exchange, int status, String body) {
        exchange.respond(
                status,
                status < 300 ? "OK" : "Bad Request",
                Json.TYPE,
                body.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What would become of a request: {@code /explain?method=GET&host=orders&path=/orders/42}, and
     * {@code header=name:value} as often as needed; with {@code from=storefront}, of one that comes
     * to the workload here, and {@code address=192.0.2.7}, from where. Or why one was refused:
     * {@code /explain?decision=<id>}.
     */
    private void explain(Exchange exchange) {
        Map<String, List<String>> query = query(exchange);
        if (!query.containsKey("decision") && !query.containsKey("host")) {
            error(exchange, Explanations.USAGE);
            return;
        }
        try {
            answer(query)
                    .ifPresentOrElse(
                            found -> json(exchange, 200, found),
                            () -> exchange.fail(new Failure.NoRoute(true)));
        } catch (IllegalArgumentException e) {
            error(exchange, String.valueOf(e.getMessage()));
        }
    }

    private static void error(Exchange exchange, String why) {
        json(exchange, 400, Json.object().put("error", why).end());
    }

    private Optional<String> answer(Map<String, List<String>> query) {
        if (query.containsKey("decision")) {
            return explanations.refusal(first(query, "decision", ""));
        }
        return explanations.request(
                new Question(
                        first(query, "method", "GET"),
                        first(query, "host", ""),
                        first(query, "path", "/"),
                        query.getOrDefault("header", List.of()),
                        query.containsKey("from") ? first(query, "from", "") : null,
                        query.containsKey("address") ? first(query, "address", "") : null));
    }

    private static String first(Map<String, List<String>> query, String name, String otherwise) {
        return query.getOrDefault(name, List.of(otherwise)).getFirst();
    }

    private static Map<String, List<String>> query(Exchange exchange) {
        var parameters = new LinkedHashMap<String, List<String>>();
        for (String pair : exchange.head().query().split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters
                        .computeIfAbsent(pair.substring(0, equals), _ -> new ArrayList<>())
                        .add(URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }
}
