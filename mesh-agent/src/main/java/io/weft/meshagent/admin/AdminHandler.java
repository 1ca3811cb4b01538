// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent.admin;

import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.engine.Json;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.failure.Refusal;
import io.weft.dataplane.failure.RefusalLog;
import io.weft.dataplane.server.Exchange;
import io.weft.dataplane.server.RequestHandler;
import io.weft.meshagent.settings.AgentSettings;
import io.weft.policy.access.AccessRule;
import io.weft.policy.access.Verdict;
import io.weft.policy.match.CompiledDestination;
import io.weft.policy.match.CompiledRule;
import io.weft.policy.match.RouteDecision;
import io.weft.policy.request.PlainRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells operators of this machine what the agent knows, and takes their one order. */
public final class AdminHandler implements RequestHandler {

    private final AgentSettings settings;
    private final Routing routing;
    private final RefusalLog refusals;
    private final Runnable drain;

    /**
     * @param drain begins to drain, without waiting for the end
     */
    public AdminHandler(
            AgentSettings settings, Routing routing, RefusalLog refusals, Runnable drain) {
        this.settings = settings;
        this.routing = routing;
        this.refusals = refusals;
        this.drain = drain;
    }

    @Override
    public void handle(Exchange exchange) {
        switch (exchange.head().method() + " " + exchange.head().path()) {
            case "GET /policy" -> json(exchange, 200, policy());
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

    private String policy() {
        Plan plan = routing.plan();
        var json = Json.object().put("workload", settings.workload().toString());
        if (plan == null) {
            return json.put("policy", "none").end();
        }
        var objects = plan.policy().objects();
        json.put("identity", objects.trustDomain().spiffeId(settings.workload()))
                .put("verified", false)
                .put("policy", plan.policy().version().toString())
                .put("hash", plan.policy().version().hash())
                .put("objects", objects.byKey().keySet().stream().map(Object::toString).toList());
        var endpoints = Json.object();
        routing.instances()
                .forEach(
                        (service, instances) ->
                                endpoints.put(
                                        service.toString(),
                                        instances.stream()
                                                .map(each -> each.host() + ":" + each.port())
                                                .toList()));
        return json.put("endpoints", endpoints).end();
    }

    /**
     * What would become of a request: {@code /explain?method=GET&host=orders&path=/orders/42}, and
     * {@code header=name:value} as often as needed. Or why one was refused: {@code
     * /explain?decision=<id>}.
     */
    private void explain(Exchange exchange) {
        Plan plan = routing.plan();
        Map<String, List<String>> query = query(exchange);
        if (query.containsKey("decision")) {
            explainRefusal(exchange, first(query, "decision", ""));
            return;
        }
        if (plan == null || !query.containsKey("host")) {
            String hint = "expected: ?host=orders&path=/orders/42[&method=GET][&header=name:value]";
            json(exchange, 400, Json.object().put("error", hint).end());
            return;
        }
        try {
            json(exchange, 200, explain(plan, request(query)));
        } catch (IllegalArgumentException e) {
            json(exchange, 400, Json.object().put("error", String.valueOf(e.getMessage())).end());
        }
    }

    private void explainRefusal(Exchange exchange, String decision) {
        refusals.find(decision)
                .ifPresentOrElse(
                        refusal -> json(exchange, 200, explain(refusal)),
                        () -> exchange.fail(new Failure.NoRoute(true)));
    }

    private static String explain(Refusal refusal) {
        return Json.object()
                .put("decision", refusal.decision())
                .put("at", refusal.at().toString())
                .put("listener", refusal.listener())
                .put("peer", refusal.peer())
                .put("status", refusal.answer().status())
                .put("flag", refusal.answer().flag().label())
                .put("reason", refusal.reason())
                .put("detail", refusal.detail())
                .end();
    }

    private static PlainRequest request(Map<String, List<String>> query) {
        var builder =
                PlainRequest.of(
                        first(query, "method", "GET"),
                        first(query, "host", ""),
                        first(query, "path", "/"));
        for (String header : query.getOrDefault("header", List.of())) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("header: " + header + " (expected: name:value)");
            }
            builder.header(header.substring(0, colon), header.substring(colon + 1).strip());
        }
        return builder.build();
    }

    private String explain(Plan plan, PlainRequest request) {
        var json =
                Json.object()
                        .put("source", settings.workload() + " (unverified)")
                        .put("policy", plan.policy().version().toString());
        switch (plan.policy().routes().match(request)) {
            case RouteDecision.Unmatched unmatched ->
                    json.put("route", unmatched.name().toLowerCase(Locale.ROOT));
            case CompiledRule rule -> {
                json.put("route", rule.route().text()).put("rule", rule.name());
                var shadows = new ArrayList<String>();
                var destinations = new ArrayList<Json>();
                for (CompiledDestination to : rule.destinations()) {
                    Verdict verdict =
                            to.access()
                                    .decide(
                                            settings.workload(),
                                            request,
                                            (AccessRule shadow) -> shadows.add(shadow.name()));
                    destinations.add(
                            Json.object()
                                    .put("destination", to.destination().toString())
                                    .put("access", access(verdict))
                                    .put("by", verdict.by()));
                }
                json.putAll("destinations", destinations).put("shadow", shadows);
            }
        }
        return json.end();
    }

    private static String access(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Granted _ -> "allowed";
            case Verdict.Refused _ -> "refused";
        };
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
