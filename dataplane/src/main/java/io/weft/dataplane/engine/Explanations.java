// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.engine;

import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.failure.Refusal;
import io.weft.dataplane.failure.RefusalLog;
import io.weft.dataplane.identity.Credentials;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.token.RequestUsers;
import io.weft.dataplane.token.TokenVerifier;
import io.weft.policy.access.AccessRule;
import io.weft.policy.access.Criterion;
import io.weft.policy.access.RequiredUser;
import io.weft.policy.access.RuleReading;
import io.weft.policy.access.ServiceAccess;
import io.weft.policy.access.Verdict;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.match.CompiledDestination;
import io.weft.policy.match.CompiledMirror;
import io.weft.policy.match.CompiledRedirect;
import io.weft.policy.match.CompiledResponse;
import io.weft.policy.match.CompiledRule;
import io.weft.policy.match.RouteDecision;
import io.weft.policy.request.Caller;
import io.weft.policy.request.PlainRequest;
import io.weft.policy.request.RequestView;
import io.weft.policy.token.Credential;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.TokenPolicy;
import io.weft.policy.token.Users;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;

/**
 * What a proxy tells operators, as JSON: the policy that it runs, why it refused a request, and
 * what would become of one.
 */
public final class Explanations {

    /** How to ask, for those who have asked for nothing. */
    public static final String USAGE =
            "expected: ?host=orders[:80]&path=/orders/42[&method=GET][&header=name:value]"
                    + "[&from=storefront][&address=192.0.2.7], or ?decision=<id>";

    private final ServiceName workload;
    private final WorkloadIdentity identity;
    private final Routing routing;
    private final TokenVerifier tokens;
    private final RefusalLog refusals;

    /**
     * @param workload for which the proxy speaks
     * @param identity with which it proves that
     * @param tokens tells who the users of requests would be
     */
    public Explanations(
            ServiceName workload,
            WorkloadIdentity identity,
            Routing routing,
            TokenVerifier tokens,
            RefusalLog refusals) {
        this.workload = workload;
        this.identity = identity;
        this.routing = routing;
        this.tokens = tokens;
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
     * What would become of a request, and what each access rule makes of it; empty while there is
     * no policy. Credentials in its headers are looked at as if it had been sent, and not told.
     *
     * @throws IllegalArgumentException for what no request could be, saying why
     */
    public Optional<String> request(Question question) {
        PlainRequest request = question.request();
        Caller caller = question.caller(workload);
        return Optional.ofNullable(routing.plan())
                .map(
                        plan ->
                                question.from() == null
                                        ? leaving(plan, caller, question, request)
                                        : arriving(plan, caller, request));
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

    /** Of a request from the workload beside this proxy, or from outside at the edge. */
    private String leaving(Plan plan, Caller caller, Question question, PlainRequest request) {
        Json json = begin(plan, caller);
        switch (plan.policy().routes().match(request, caller)) {
            case RouteDecision.Unmatched unmatched ->
                    json.put("route", unmatched.name().toLowerCase(Locale.ROOT));
            case CompiledRule rule -> {
                json.put("route", rule.route().text()).put("rule", rule.name());
                if (!rule.filters().isEmpty()) {
                    json.put("filters", rule.filters().stream().map(Object::toString).toList());
                }
                var destinations = new ArrayList<Json>();
                for (CompiledDestination to : rule.destinations()) {
                    Json destination =
                            Json.object().put("destination", to.destination().toString());
                    if (knowsRulesOf(to.destination().service())) {
                        PlainRequest arriving = question.arriving(request, to.rewrite());
                        explain(destination, to.access(), plan, caller, arriving);
                    } else {
                        destination.put("access", "unknown").put("detail", askThere(to));
                    }
                    destinations.add(destination);
                }
                json.putAll("destinations", destinations);
                json.put("mirrors", rule.mirrors().stream().map(Explanations::mirror).toList());
                if (rule.fault() != null) {
                    json.put("fault", "until " + rule.fault().until());
                }
            }
            case CompiledRedirect rule ->
                    json.put("route", rule.route().text())
                            .put("rule", rule.name())
                            .put("redirect", rule.redirect().status());
            case CompiledResponse rule ->
                    json.put("route", rule.route().text())
                            .put("rule", rule.name())
                            .put("respond", rule.response().status());
        }
        return json.end();
    }

    /** A proxy gets the rules by which it decides itself: no verdict is better than a wrong one. */
    private boolean knowsRulesOf(ServiceName service) {
        return workload.equals(service) || workload.equals(ServiceName.GATEWAY);
    }

    private String askThere(CompiledDestination to) {
        return "rules about %s are known to its own agents: ask one of them with from=%s"
                .formatted(to.destination().service(), workload);
    }

    /** Of a request to the workload beside this proxy. */
    private String arriving(Plan plan, Caller caller, PlainRequest request) {
        Json json = begin(plan, caller).put("destination", workload.toString());
        explain(json, plan.ownAccess(), plan, caller, request);
        return json.end();
    }

    private static Json begin(Plan plan, Caller caller) {
        return Json.object()
                .put("source", caller.toString())
                .put("policy", plan.policy().version().toString());
    }

    private void explain(
            Json json, ServiceAccess access, Plan plan, Caller caller, RequestView request) {
        Users users = new RequestUsers(tokens).of(request);
        var shadows = new ArrayList<String>();
        Verdict verdict =
                access.decide(caller, request, users, shadow -> shadows.add(shadow.name()));
        json.put("access", access(verdict)).put("by", verdict.by());
        json.put("shadow", shadows);
        json.putAll(
                "rules",
                access.explain(caller, request, users).stream()
                        .map(reading -> rule(reading, plan, users))
                        .toList());
    }

    private static Json rule(RuleReading reading, Plan plan, Users users) {
        AccessRule rule = reading.rule();
        Json json =
                Json.object()
                        .put("rule", rule.name())
                        .put("mode", rule.mode().name().toLowerCase(Locale.ROOT))
                        .put("effect", rule.effect().name().toLowerCase(Locale.ROOT))
                        .put("applies", reading.applies());
        Criterion unmet = reading.unmet();
        if (unmet != null) {
            json.put("unmet", unmet.key());
            if (unmet.isCredential()) {
                json.put("credential", credential(rule, plan, users));
            }
        }
        return json;
    }

    private static String credential(AccessRule rule, Plan plan, Users users) {
        TokenCheck check =
                switch (rule.user()) {
                    case RequiredUser.Bearer bearer -> {
                        TokenPolicy token = plan.policy().objects().tokens().get(bearer.token());
                        yield token == null ? TokenCheck.ABSENT : users.user(token);
                    }
                    case RequiredUser.ApiKey _ -> users.user(Credential.ApiKey.API_KEY);
                    case RequiredUser.Unasked _, RequiredUser.Anyone _ -> TokenCheck.ABSENT;
                };
        return check instanceof TokenCheck.Invalid(String reason) ? reason : "none";
    }

    private static String mirror(CompiledMirror mirror) {
        return mirror.to().destination() + ": " + mirror.share() + " %";
    }

    private static String access(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Granted _ -> "allowed";
            case Verdict.Refused _ -> "refused";
            case Verdict.SignIn _ -> "sign-in needed";
        };
    }
}
