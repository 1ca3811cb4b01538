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
import io.weft.policy.identity.ServiceName;
import io.weft.policy.match.CompiledDestination;
import io.weft.policy.match.CompiledRule;
import io.weft.policy.request.Caller;
import io.weft.policy.request.RequestView;
import io.weft.policy.route.Timeouts;
import io.weft.policy.token.Users;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Asks the access rules, counts what they say, and is the only one to give out {@link Permit}s. */
public final class Admission {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    /** More rules than any policy has names; beyond it counters are looked up each time. */
    private static final int MAX_CACHED = 100_000;

    private final Caller caller;
    private final Traffic traffic;
    private final Map<Verdict, LongAdder> counters = new ConcurrentHashMap<>();
    private final ServiceAccess.ShadowListener shadows = this::countShadow;

    /**
     * @param source the workload in whose name requests are sent
     */
    public Admission(ServiceName source, Traffic traffic) {
        this.caller = Caller.of(source, LOOPBACK);
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
            Plan plan, CompiledRule rule, CompiledDestination destination, RequestView request) {
        Verdict verdict = destination.access().decide(caller, request, Users.NOBODY, shadows);
        count(verdict);
        return switch (verdict) {
            case Verdict.Granted _ -> plan.permit(rule, destination).admitted();
            case Verdict.Refused _, Verdict.SignIn _ ->
                    new Outcome.Refused(
                            new Failure.Denied(verdict.by()),
                            plan.series(rule, destination.destination(), ""));
        };
    }

    /**
     * Lets every request reach the application beside this proxy. (What may reach it is decided
     * where the caller is known: at the edge and at the caller's agent.)
     *
     * @param series counts what reaches it
     */
    public static Permit toLocalApplication(Cluster application, Series series) {
        Series[] all = {series};
        return new Permit(
                application, false, FieldEdits.NONE, FieldEdits.NONE, Timeouts.NONE, all, series);
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
