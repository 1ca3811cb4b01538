// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Caller;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.RequestView;
import io.weft.policy.token.TokenPolicy;
import io.weft.policy.token.Users;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The access rules about one service, ready to decide: deny beats allow beats the default, which is
 * to refuse. Deciding allocates nothing unless a rule asks for a user or has a condition.
 */
public final class ServiceAccess {

    private final List<CompiledRule> rules;
    private final List<CompiledRule> denying;
    private final List<CompiledRule> allowing;
    private final List<CompiledRule> shadows;
    private final Set<HeaderName> identityHeaders;

    private ServiceAccess(List<CompiledRule> rules) {
        this.rules = rules;
        this.denying = rules.stream().filter(r -> r.decides(Effect.DENY)).toList();
        this.allowing = rules.stream().filter(r -> r.decides(Effect.ALLOW)).toList();
        this.identityHeaders =
                rules.stream()
                        .flatMap(CompiledRule::identityHeaders)
                        .collect(Collectors.toUnmodifiableSet());
        this.shadows = rules.stream().filter(r -> r.rule().mode() == Mode.SHADOW).toList();
    }

    /**
     * Picks the rules about a service, in the order of their names.
     *
     * @param tokens all that the rules name
     */
    public static ServiceAccess to(
            ServiceName service, Collection<AccessRule> rules, Map<String, TokenPolicy> tokens) {
        return new ServiceAccess(
                rules.stream()
                        .filter(rule -> rule.to().services().contains(service))
                        .map(rule -> CompiledRule.of(rule, tokens))
                        .toList());
    }

    /**
     * Decides about a request, after the matched route's changes.
     *
     * @param users asked for the request's user by the rules that need one
     * @param shadows hears of each rule in shadow mode that applies
     */
    public Verdict decide(Caller caller, RequestView request, Users users, ShadowListener shadows) {
        for (int i = 0; i < this.shadows.size(); i++) {
            CompiledRule shadow = this.shadows.get(i);
            if (shadow.unmet(caller, request, users) == null) {
                shadows.wouldDecide(shadow.rule());
            }
        }
        for (int i = 0; i < denying.size(); i++) {
            if (denying.get(i).unmet(caller, request, users) == null) {
                return denying.get(i).verdict();
            }
        }
        CompiledRule lacksToken = null;
        for (int i = 0; i < allowing.size(); i++) {
            CompiledRule rule = allowing.get(i);
            Criterion unmet = rule.unmet(caller, request, users);
            if (unmet == null) {
                return rule.verdict();
            }
            if (unmet.isCredential() && lacksToken == null) {
                lacksToken = rule;
            }
        }
        return lacksToken == null ? Verdict.BY_DEFAULT : lacksToken.signIn(users);
    }

    /** What each rule makes of a request, in the order of their names, disabled ones included. */
    public List<RuleReading> explain(Caller caller, RequestView request, Users users) {
        return rules.stream()
                .map(each -> new RuleReading(each.rule(), each.unmet(caller, request, users)))
                .toList();
    }

    /** The headers by which the application may get to know users, and which nobody else writes. */
    public Set<HeaderName> identityHeaders() {
        return identityHeaders;
    }

    /** Hears what rules in shadow mode would have said. */
    @FunctionalInterface
    public interface ShadowListener {
        void wouldDecide(AccessRule rule);
    }
}
