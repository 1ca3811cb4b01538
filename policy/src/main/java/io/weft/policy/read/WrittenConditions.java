// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.condition.Condition;
import io.weft.policy.condition.ConditionCompiler;
import io.weft.policy.condition.ConditionCompiler.Mistake;
import io.weft.policy.condition.ConditionCompiler.Result;
import io.weft.policy.document.Node.Scalar;
import io.weft.policy.problem.Position;
import io.weft.policy.problem.Problem;
import io.weft.policy.problem.Suggestions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads conditions as their authors write them. */
final class WrittenConditions {

    private static final String SYNTAX =
            "a CEL expression of at most " + ConditionCompiler.LONGEST + " characters";

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");

    private WrittenConditions() {}

    static Condition condition(Value value) {
        String text = value.text(SYNTAX);
        if (text.length() > ConditionCompiler.LONGEST) {
            throw value.refuse("too long", SYNTAX);
        }
        return switch (ConditionCompiler.compile(text)) {
            case Result.Compiled(Condition condition) -> condition;
            case Result.Faulty(List<Mistake> mistakes) -> {
                mistakes.forEach(mistake -> report(mistake, text, value));
                throw RefusedException.INSTANCE;
            }
        };
    }

    private static void report(Mistake mistake, String text, Value value) {
        String suggestion = null;
        String expected = "";
        String shown = "";
        if (mistake.message().startsWith("undeclared reference")) {
            shown = nameAt(mistake, text);
            expected = "one of: " + String.join(", ", ConditionCompiler.variables());
            suggestion = Suggestions.nearest(shown, List.copyOf(ConditionCompiler.variables()));
        }
        value.problems()
                .accept(
                        new Problem(
                                place(mistake, text, value),
                                value.path(),
                                shown,
                                message(mistake, text),
                                expected,
                                suggestion));
    }

    private static String nameAt(Mistake mistake, String text) {
        String line = text.lines().skip(mistake.line() - 1L).findFirst().orElse("");
        Matcher matcher = NAME.matcher(line);
        int from = Math.min(mistake.column() - 1, line.length());
        return matcher.find(from) && matcher.start() == from ? matcher.group() : "";
    }

    /** In a text of one line the place itself; else where the text begins, and the message says. */
    private static Position place(Mistake mistake, String text, Value value) {
        Position at = value.node().at();
        if (at.line() == 0 || text.contains("\n")) {
            return at;
        }
        int quote = value.node() instanceof Scalar scalar && scalar.quoted() ? 1 : 0;
        return new Position(at.file(), at.line(), at.column() + quote + mistake.column() - 1);
    }

    private static String message(Mistake mistake, String text) {
        return text.contains("\n")
                ? mistake.message()
                        + ", in line "
                        + mistake.line()
                        + ", column "
                        + mistake.column()
                        + " of the condition"
                : mistake.message();
    }
}
