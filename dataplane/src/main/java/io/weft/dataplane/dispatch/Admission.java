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
import io.weft.policy.token.Credential;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.TokenPolicy;
import io.weft.policy.token.Users;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks the access rules, counts what they say, and is the only one to give out {@link Permit}s. */
public final class Admission {

    /** More rules than any policy has names; beyond it counters are looked up each time. */
    private static final int MAX_CACHED = 100_000;

    private static final byte[] NOTHING = {};

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
         * @param edits of the answer
         */
        record Refused(Failure failure, Series series, FieldEdits edits) implements Outcome {}
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
        Permit permit = plan.permit(rule, destination);
        if (verdict instanceof Verdict.Granted && !rule.mirrors().isEmpty()) {
            permit = copied(plan, rule, permit, copy -> admittedCopy(copy, request, caller, users));
        }
        return verdict instanceof Verdict.Granted granted
                ? admitted(permit, granted, users)
                : new Outcome.Refused(
                        refusal(verdict),
                        plan.series(rule, destination),
                        permit.failureEdits(request));
    }

    /** A copy may go where the request might go by itself; null when it may not. */
    private @Nullable Copy admittedCopy(
            Copy copy, RequestView request, Caller caller, Users users) {
        return copy.to().access().decide(caller, request, users, shadows)
                        instanceof Verdict.Granted granted
                ? copy.with(admitted(copy.permit(), granted, users).permit())
                : null;
    }

    /**
     * The permit of a request with those of its copies.
     *
     * @param gate lets copies through; null for one that may not be sent
     */
    private static Permit copied(
            Plan plan, CompiledRule rule, Permit permit, Function<Copy, @Nullable Copy> gate) {
        if (rule.mirrors().isEmpty()) {
            return permit;
        }
        var copies = new ArrayList<Copy>();
        for (Copy each : plan.copies(rule)) {
            if (each.share().takes(ThreadLocalRandom.current().nextInt())) {
                Copy admitted = gate.apply(each);
                if (admitted != null) {
                    copies.add(admitted);
                }
            }
        }
        return copies.isEmpty() ? permit : permit.copiedTo(copies);
    }

    /**
     * Lets a request go where its rule sends it: whether it may, the agent of the service that is
     * called decides, who knows for certain who calls.
     */
    public Permit route(Plan plan, CompiledRule rule, CompiledDestination destination) {
        return copied(plan, rule, plan.permit(rule, destination), copy -> copy);
    }

    /**
     * Decides whether a request may reach the application beside this proxy.
     *
     * @param permit to reach it
     */
    public Outcome admit(
            Plan plan, Permit permit, RequestView request, Caller caller, Users users) {
        ServiceAccess access = plan.ownAccess();
        Verdict verdict = access.decide(caller, request, users, shadows);
        count(verdict);
        if (!(verdict instanceof Verdict.Granted granted)) {
            return new Outcome.Refused(refusal(verdict), permit.series(-1), FieldEdits.NONE);
        }
        return access.identityHeaders().isEmpty()
                ? admitted(permit, granted, users)
                : admitted(permit.without(plan.ownIdentityHeaders()), granted, users);
    }

    /** Shows the application who the user is, as far as the rule that let it in knows. */
    private static Outcome.Admitted admitted(Permit permit, Verdict.Granted granted, Users users) {
        Credential credential = granted.credential();
        byte[] lines = credential == null ? NOTHING : ShownUser.lines(credential, users);
        return lines.length == 0 ? permit.admitted() : permit.showing(lines).admitted();
    }

    /**
     * The way to the application beside this proxy, for requests that are {@linkplain #admit(Plan,
     * Permit, RequestView, Caller, Users) admitted}.
     *
     * @param series counts what reaches it
     */
    public static Permit toLocalApplication(Cluster application, Series series) {
        Series[] all = {series};
        return new Permit(application, false, Terms.PLAIN, all, series);
    }

    private static Failure refusal(Verdict verdict) {
        return switch (verdict) {
            case Verdict.SignIn(String by, TokenPolicy token, TokenCheck why) ->
                    new Failure.SignIn(by, token.name(), reason(why));
            case Verdict.SignIn(String by, Credential.ApiKey _, TokenCheck why) ->
                    new Failure.KeyNeeded(by, reason(why));
            default -> new Failure.Denied(verdict.by());
        };
    }

    private static @Nullable String reason(TokenCheck why) {
        return why instanceof TokenCheck.Invalid(String reason) ? reason : null;
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
