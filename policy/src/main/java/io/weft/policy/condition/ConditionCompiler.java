// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Compiles conditions; not available in proxies. */
public final class ConditionCompiler {

    /** In characters. */
    public static final int LONGEST = 2_000;

    private static final CelCompiler COMPILER = compiler();

    private static final Pattern CANDIDATES = Pattern.compile(" \\(candidates: .*\\)");
    private static final Pattern CONTAINER = Pattern.compile(" \\(in container ''\\)");

    private ConditionCompiler() {}

    private static CelCompiler compiler() {
        CelOptions options =
                Condition.OPTIONS.toBuilder()
                        .maxExpressionCodePointSize(LONGEST)
                        .maxParseRecursionDepth(50)
                        .build();
        CelCompilerBuilder builder =
                CelCompilerFactory.standardCelCompilerBuilder()
                        .setOptions(options)
                        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                        .setResultType(SimpleType.BOOL);
        Facts.types().forEach(builder::addVar);
        return builder.build();
    }

    /** What became of a text. */
    public sealed interface Result {

        record Compiled(Condition condition) implements Result {}

        /** At least one mistake. */
        record Faulty(List<Mistake> mistakes) implements Result {
            public Faulty {
                mistakes = List.copyOf(mistakes);
            }
        }
    }

    /**
     * @param line within the text, from 1
     * @param column in the line, from 1
     */
    public record Mistake(int line, int column, String message) {}

    /** The names that a condition may use. */
    public static Set<String> variables() {
        return Facts.types().keySet();
    }

    public static Result compile(String text) {
        CelAbstractSyntaxTree tree;
        try {
            tree = COMPILER.compile(text).getAst();
        } catch (CelValidationException e) {
            return new Result.Faulty(
                    e.getErrors().stream().map(ConditionCompiler::mistake).toList());
        }
        List<Mistake> mistakes = new Examination(tree).mistakes();
        if (!mistakes.isEmpty()) {
            return new Result.Faulty(mistakes);
        }
        try {
            return new Result.Compiled(Condition.of(text, tree));
        } catch (IllegalArgumentException e) {
            return new Result.Faulty(List.of(new Mistake(1, 1, String.valueOf(e.getMessage()))));
        }
    }

    private static Mistake mistake(CelIssue issue) {
        CelSourceLocation at = issue.getSourceLocation();
        String message = CANDIDATES.matcher(issue.getMessage()).replaceAll("");
        return new Mistake(
                Math.max(1, at.getLine()),
                Math.max(0, at.getColumn()) + 1,
                CONTAINER.matcher(message).replaceAll(""));
    }
}
