// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.RequestView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The access rules about one service, ready to decide: deny beats allow beats the default, which is
 * to refuse. Deciding does not allocate.
 */
public final class ServiceAccess {

    private final List<Compiled> denying;
    private final List<Compiled> allowing;
    private final List<Compiled> shadows;

    private ServiceAccess(List<Compiled> rules) {
        this.denying = rules.stream().filter(r -> r.decides(Effect.DENY)).toList();
        this.allowing = rules.stream().filter(r -> r.decides(Effect.ALLOW)).toList();
        this.shadows = rules.stream().filter(r -> r.rule.mode() == Mode.SHADOW).toList();
    }

    /** Picks the rules about a service, in the order of their names. */
    public static ServiceAccess to(ServiceName service, Collection<AccessRule> rules) {
        return new ServiceAccess(
                rules.stream()
                        .filter(rule -> rule.to().services().contains(service))
                        .map(Compiled::new)
                        .toList());
    }

    /**
     * Decides about a request of a workload, after the matched route's changes.
     *
     * @param shadows hears of each rule in shadow mode that matches
     */
    public Verdict decide(ServiceName source, RequestView request, ShadowListener shadows) {
        for (int i = 0; i < this.shadows.size(); i++) {
            Compiled shadow = this.shadows.get(i);
            if (shadow.matches(source, request)) {
                shadows.wouldDecide(shadow.rule);
            }
        }
        for (int i = 0; i < denying.size(); i++) {
            if (denying.get(i).matches(source, request)) {
                return denying.get(i).verdict;
            }
        }
        for (int i = 0; i < allowing.size(); i++) {
            if (allowing.get(i).matches(source, request)) {
                return allowing.get(i).verdict;
            }
        }
        return Verdict.BY_DEFAULT;
    }

    /** Hears what rules in shadow mode would have said. */
    @FunctionalInterface
    public interface ShadowListener {
        void wouldDecide(AccessRule rule);
    }

    private static final class Compiled {
        private final AccessRule rule;
        private final Verdict verdict;
        private final byte[][] methods;
        private final List<PathPattern> paths;

        private Compiled(AccessRule rule) {
            this.rule = rule;
            this.verdict =
                    rule.effect() == Effect.ALLOW
                            ? new Verdict.Granted(rule.name())
                            : new Verdict.Refused(rule.name());
            this.methods =
                    rule.to().methods().stream()
                            .map(method -> method.getBytes(StandardCharsets.US_ASCII))
                            .toArray(byte[][]::new);
            this.paths = rule.to().paths();
        }

        private boolean decides(Effect effect) {
            return rule.mode() == Mode.ENFORCE && rule.effect() == effect;
        }

        private boolean matches(ServiceName source, RequestView request) {
            return rule.from().include(source) && hasMethod(request) && hasPath(request);
        }

        private boolean hasMethod(RequestView request) {
            if (methods.length == 0) {
                return true;
            }
            for (byte[] method : methods) {
                if (Arrays.equals(
                        method,
                        0,
                        method.length,
                        request.bytes(),
                        request.methodStart(),
                        request.methodEnd())) {
                    return true;
                }
            }
            return false;
        }

        private boolean hasPath(RequestView request) {
            if (paths.isEmpty()) {
                return true;
            }
            for (int i = 0; i < paths.size(); i++) {
                if (paths.get(i).covers(request.bytes(), request.pathStart(), request.pathEnd())) {
                    return true;
                }
            }
            return false;
        }
    }
}
