// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Who sends a request under the policy of section B, {@code TestPolicies.guarded}, and so what must
 * become of it: what the corpus lets through goes to whoever may read the path that arrives.
 */
enum Visitor {
    /** Has no token. */
    NOBODY(401, ""),
    /** Has one that says {@code admin}, signed by somebody else. */
    FORGER(401, ""),
    /** Is known, and has no role. */
    GUEST(403, ""),
    MEMBER(403, "member"),
    ADMIN(403, "admin");

    private final int refusal;
    private final String role;

    Visitor(int refusal, String role) {
        this.refusal = refusal;
        this.role = role;
    }

    /** The role in its token; empty for none. */
    String claimedRole() {
        return this == FORGER ? "admin" : role;
    }

    /**
     * Whether the policy lets this visitor through.
     *
     * @param target in canonical form, as it arrives
     */
    private boolean may(String target) {
        String path = target.replaceFirst("[?].*", "");
        return isBelow("/public", path)
                || (isBelow("/admin", path) ? role.equals("admin") : !role.isEmpty());
    }

    private static boolean isBelow(String prefix, String path) {
        return path.equals(prefix) || path.startsWith(prefix + "/");
    }

    /** What nobody gets through is asked by those who may nothing, and by who may everything. */
    boolean isConcernedBy(Vector vector) {
        return this == NOBODY
                || this == ADMIN
                || vector.elsewhere().forwarded()
                || vector.atInbound().forwarded();
    }

    /**
     * What is expected of a request when this visitor sends it.
     *
     * @param authorization the field to send, by visitor; empty for none
     */
    Vector sending(Vector vector, Function<Visitor, Optional<String>> authorization) {
        String input =
                authorization
                        .apply(this)
                        .map(field -> withField(vector.input(), field))
                        .orElse(vector.input());
        List<String> targets = targets(vector);
        return new Vector(
                vector.id(),
                vector.note(),
                input,
                narrowed(vector.elsewhere(), targets),
                narrowed(vector.atInbound(), targets),
                vector.upstream().to(targets.stream().filter(this::may).toList()));
    }

    private static String withField(String input, String field) {
        int line = input.indexOf("\r\n") + 2;
        return input.substring(0, line) + field + "\r\n" + input.substring(line);
    }

    /** What may arrive; where the row does not say, what is sent. */
    private static List<String> targets(Vector vector) {
        List<String> said = vector.upstream().targets();
        return said.isEmpty() ? Arrays.asList(vector.input().split(" ", 3)).subList(1, 2) : said;
    }

    private Expectation narrowed(Expectation expected, List<String> targets) {
        if (!expected.forwarded() || targets.stream().allMatch(this::may)) {
            return expected;
        }
        var statuses = new TreeSet<>(List.of(refusal));
        expected.own().ifPresent(own -> statuses.addAll(own.statuses()));
        return new Expectation(
                targets.stream().anyMatch(this::may),
                Optional.of(new OwnAnswer(OwnAnswer.Manner.ANSWERED, statuses)));
    }
}
