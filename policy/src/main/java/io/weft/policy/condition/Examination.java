// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.condition;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import io.weft.policy.condition.ConditionCompiler.Mistake;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks for what the type checker lets pass: too much work, regular expressions that are none, and
 * loops over the headers, which can only be asked for one by one.
 */
final class Examination {

    /** In steps, each of a few nanoseconds. */
    static final long MOST_STEPS = 10_000;

    /** How long a list is taken to be of which nothing is known. */
    private static final int ASSUMED_LENGTH = 100;

    private static final int STEPS_OF_REGEX = 50;
    private static final int STEPS_OF_SEARCH = 10;

    private final CelAbstractSyntaxTree tree;
    private final List<Mistake> mistakes = new ArrayList<>();

    Examination(CelAbstractSyntaxTree tree) {
        this.tree = tree;
    }

    List<Mistake> mistakes() {
        long steps = steps(tree.getExpr(), false);
        if (steps > MOST_STEPS) {
            mistakes.add(
                    new Mistake(
                            1,
                            1,
                            "too costly: about "
                                    + steps
                                    + " steps, and at most "
                                    + MOST_STEPS
                                    + " are allowed; loops within loops multiply"));
        }
        return mistakes;
    }

    /**
     * @param asked whether the expression is asked for one of its entries
     */
    private long steps(CelExpr expression, boolean asked) {
        return switch (expression.exprKind().getKind()) {
            case IDENT -> ident(expression, asked);
            case SELECT -> select(expression, asked);
            case CALL -> call(expression);
            case LIST -> 1 + all(expression.list().elements());
            case MAP ->
                    1
                            + expression.map().entries().stream()
                                    .mapToLong(
                                            each ->
                                                    steps(each.key(), false)
                                                            + steps(each.value(), false))
                                    .sum();
            case STRUCT ->
                    1
                            + expression.struct().entries().stream()
                                    .mapToLong(each -> steps(each.value(), false))
                                    .sum();
            case COMPREHENSION -> loop(expression.comprehension());
            case CONSTANT, NOT_SET -> 1;
        };
    }

    private long all(List<CelExpr> expressions) {
        return expressions.stream().mapToLong(each -> steps(each, false)).sum();
    }

    private long ident(CelExpr expression, boolean asked) {
        if (isHeaders(expression) && !asked) {
            mistakes.add(
                    at(
                            expression,
                            Facts.HEADERS
                                    + " can only be asked for one header,"
                                    + " as in request.headers['x-a'] or 'x-a' in request.headers"));
        }
        return 1;
    }

    private long select(CelExpr expression, boolean asked) {
        return isVariable(expression)
                ? ident(expression, asked)
                : 1 + steps(expression.select().operand(), true);
    }

    private boolean isVariable(CelExpr expression) {
        return tree.getReference(expression.id()).isPresent();
    }

    private boolean isHeaders(CelExpr expression) {
        return tree.getReference(expression.id())
                .filter(reference -> reference.name().equals(Facts.HEADERS))
                .isPresent();
    }

    private long call(CelExpr expression) {
        CelExpr.CelCall call = expression.call();
        long steps = call.target().map(target -> steps(target, false)).orElse(0L);
        List<CelExpr> arguments = call.args();
        for (int i = 0; i < arguments.size(); i++) {
            boolean asked =
                    call.function().equals("_[_]") && i == 0
                            || call.function().equals("@in") && i == 1;
            steps += steps(arguments.get(i), asked);
        }
        return steps
                + switch (call.function()) {
                    case "matches" -> regex(arguments.getLast());
                    case "contains", "startsWith", "endsWith", "@in", "_+_" -> STEPS_OF_SEARCH;
                    default -> 1;
                };
    }

    private long regex(CelExpr pattern) {
        text(pattern)
                .ifPresent(
                        text -> {
                            try {
                                Pattern.compile(text);
                            } catch (PatternSyntaxException e) {
                                mistakes.add(
                                        at(pattern, "not a regular expression: " + e.getMessage()));
                            }
                        });
        return STEPS_OF_REGEX;
    }

    private static Optional<String> text(CelExpr expression) {
        return expression.exprKind().getKind() == CelExpr.ExprKind.Kind.CONSTANT
                        && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? Optional.of(expression.constant().stringValue())
                : Optional.empty();
    }

    private long loop(CelExpr.CelComprehension loop) {
        long length =
                loop.iterRange().exprKind().getKind() == CelExpr.ExprKind.Kind.LIST
                        ? loop.iterRange().list().elements().size()
                        : ASSUMED_LENGTH;
        return steps(loop.iterRange(), false)
                + steps(loop.accuInit(), false)
                + length * (steps(loop.loopCondition(), false) + steps(loop.loopStep(), false))
                + steps(loop.result(), false);
    }

    private Mistake at(CelExpr expression, String message) {
        Integer offset = tree.getSource().getPositionsMap().get(expression.id());
        CelSourceLocation at =
                Optional.ofNullable(offset)
                        .flatMap(tree.getSource()::getOffsetLocation)
                        .orElse(CelSourceLocation.of(1, 0));
        return new Mistake(at.getLine(), at.getColumn() + 1, message);
    }
}
