// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.weft.dataplane.balance.Cluster;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.http.FieldEdits;
import io.weft.dataplane.telemetry.Series;
import io.weft.dataplane.telemetry.Traffic;
import io.weft.policy.access.AccessRule;
import io.weft.policy.access.Effect;
import io.weft.policy.access.Mode;
import io.weft.policy.access.ServiceAccess;
import io.weft.policy.access.Verdict;
import io.weft.policy.match.CompiledDestination;
import io.weft.policy.match.CompiledRule;
import io.weft.policy.request.Caller;
import io.weft.policy.request.RequestView;
import io.weft.policy.route.Timeouts;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.Users;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Asks the access rules, counts what they say, and is the only one to give out {@link Permit}s. */
public final class Admission {

    /** More rules than any policy has names; beyond it counters are looked up each time. */
    private static final int MAX_CACHED = 100_000;

    private final Traffic traffic;
    private final Map<Verdict, LongAdder> counters = new ConcurrentHashMap<>();
    private final ServiceAccess.ShadowListener shadows = this::countShadow;

    public Admission(Traffic traffic) {
        this.traffic = traffic;
    }

    /** What became of a request at the gate. */
    public sealed interface Outcome {
        record Admitted(Permit permit) implements Outcome {}

        /**
         * @param series counts the refusal
         */
        record Refused(Failure failure, Series series) implements Outcome {}
    }

    /** Decides whether a request may go where its rule sends it. */
    public Outcome admit(
            Plan plan,
            CompiledRule rule,
            CompiledDestination destination,
            RequestView request,
            Caller caller,
            Users users) {
        Verdict verdict = destination.access().decide(caller, request, users, shadows);
        count(verdict);
        return verdict instanceof Verdict.Granted
                ? plan.permit(rule, destination).admitted()
                : new Outcome.Refused(
                        refusal(verdict), plan.series(rule, destination.destination(), ""));
    }

    /**
     * Lets a request go where its rule sends it: whether it may, the agent of the service that is
     * called decides, who knows for certain who calls.
     */
    public Permit route(Plan plan, CompiledRule rule, CompiledDestination destination) {
        return plan.permit(rule, destination);
    }

    /**
     * Decides whether a request may reach the application beside this proxy.
     *
     * @param permit to reach it
     */
    public Outcome admit(
            Plan plan, Permit permit, RequestView request, Caller caller, Users users) {
        Verdict verdict = plan.ownAccess().decide(caller, request, users, shadows);
        count(verdict);
        return verdict instanceof Verdict.Granted
                ? permit.admitted()
                : new Outcome.Refused(refusal(verdict), permit.series(-1));
    }

    /**
     * The way to the application beside this proxy, for requests that are {@linkplain #admit(Plan,
     * Permit, RequestView, Caller, Users) admitted}.
     *
     * @param series counts what reaches it
     */
    public static Permit toLocalApplication(Cluster application, Series series) {
        Series[] all = {series};
        return new Permit(
                application, false, FieldEdits.NONE, FieldEdits.NONE, Timeouts.NONE, all, series);
    }

    private static Failure refusal(Verdict verdict) {
        return switch (verdict) {
            case Verdict.SignIn(String by, var token, TokenCheck.Invalid(String reason)) ->
                    new Failure.SignIn(by, token.name(), reason);
            case Verdict.SignIn(String by, var token, _) ->
                    new Failure.SignIn(by, token.name(), null);
            default -> new Failure.Denied(verdict.by());
        };
    }

    private void count(Verdict verdict) {
        LongAdder counter = counters.get(verdict);
        if (counter == null) {
            Effect effect = verdict instanceof Verdict.Granted ? Effect.ALLOW : Effect.DENY;
            counter = traffic.decisions(verdict.by(), effect, Mode.ENFORCE);
            if (counters.size() < MAX_CACHED) {
                counters.put(verdict, counter);
            }
        }
        counter.increment();
    }

    private void countShadow(AccessRule rule) {
        traffic.decisions(rule.name(), rule.effect(), Mode.SHADOW).increment();
    }
}
