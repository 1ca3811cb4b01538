// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.engine;

import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.failure.Refusal;
import io.weft.dataplane.failure.RefusalLog;
import io.weft.dataplane.identity.Credentials;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.policy.access.AccessRule;
import io.weft.policy.access.Verdict;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.match.CompiledDestination;
import io.weft.policy.match.CompiledRule;
import io.weft.policy.match.RouteDecision;
import io.weft.policy.request.Caller;
import io.weft.policy.request.PlainRequest;
import io.weft.policy.token.Users;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a proxy tells operators, as JSON: the policy that it runs, why it refused a request, and
 * what would become of one.
 */
public final class Explanations {

    /** How to ask, for those who have asked for nothing. */
    public static final String USAGE =
            "expected: ?host=orders&path=/orders/42[&method=GET][&header=name:value], or"
                    + " ?decision=<id>";

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final ServiceName workload;
    private final WorkloadIdentity identity;
    private final Routing routing;
    private final RefusalLog refusals;

    /**
     * @param workload for which the proxy speaks
     * @param identity with which it proves that
     */
    public Explanations(
            ServiceName workload, WorkloadIdentity identity, Routing routing, RefusalLog refusals) {
        this.workload = workload;
        this.identity = identity;
        this.routing = routing;
        this.refusals = refusals;
    }

    /** The version in force, its objects, and where the instances are. */
    public String policy() {
        Plan plan = routing.plan();
        var json = Json.object().put("workload", workload.toString());
        Credentials credentials = identity.credentials();
        if (credentials != null) {
            json.put("identity", String.valueOf(credentials.id()))
                    .put("valid", credentials.areValid())
                    .put("notAfter", credentials.notAfter().toString());
        }
        if (plan == null) {
            return json.put("policy", "none").end();
        }
        var objects = plan.policy().objects();
        json.put("policy", plan.policy().version().toString())
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
     * Why a request was refused; empty when the decision is not, or no longer, remembered.
     *
     * @param decision id, as refusals carry it
     */
    public Optional<String> refusal(String decision) {
        return refusals.find(decision).map(Explanations::explain);
    }

    /**
     * What would become of a request; empty while there is no policy.
     *
     * @param headers such as {@code x-tester: yes}
     * @throws IllegalArgumentException for what no request could be, saying why
     */
    public Optional<String> request(String method, String host, String path, List<String> headers) {
        var builder = PlainRequest.of(method, host, path);
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("header: " + header + " (expected: name:value)");
            }
            builder.header(header.substring(0, colon), header.substring(colon + 1).strip());
        }
        return Optional.ofNullable(routing.plan()).map(plan -> explain(plan, builder.build()));
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

    private String explain(Plan plan, PlainRequest request) {
        var json =
                Json.object()
                        .put("source", workload.toString())
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
                                            Caller.of(workload, LOOPBACK),
                                            request,
                                            Users.NOBODY,
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
            case Verdict.SignIn _ -> "sign-in needed";
        };
    }
}
