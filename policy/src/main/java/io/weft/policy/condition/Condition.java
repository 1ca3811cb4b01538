// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.condition;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelProtoAbstractSyntaxTree;
import dev.cel.common.types.SimpleType;
import dev.cel.expr.CheckedExpr;
import dev.cel.expr.SourceInfo;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.Program;
import io.weft.policy.request.Caller;
import io.weft.policy.request.RequestView;
import io.weft.policy.token.User;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A CEL expression that is true or false for a request. However it was made, evaluating it is
 * bounded: so many steps of loops, regular expressions of so many states by RE2.
 *
 * @see <a href="https://github.com/google/cel-spec">Common Expression Language</a>
 */
public final class Condition {

    /** All loops of one evaluation together. */
    static final int MOST_ITERATIONS = 1_000;

    static final CelOptions OPTIONS =
            CelOptions.current()
                    .comprehensionMaxIterations(MOST_ITERATIONS)
                    .maxRegexProgramSize(1_000)
                    .enableHeterogeneousNumericComparisons(true)
                    .build();

    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.legacyCelRuntimeBuilder().setOptions(OPTIONS).build();

    /** What an evaluation says. */
    public enum Outcome {
        TRUE,
        FALSE,
        /** Something that the expression asks for is not there, or not of that type. */
        ERROR
    }

    private final String text;
    private final String checked;
    private final boolean asksUser;
    private final Program program;

    private Condition(String text, String checked, CelAbstractSyntaxTree tree) {
        if (!tree.getResultType().equals(SimpleType.BOOL)) {
            throw new IllegalArgumentException("condition: not a truth value");
        }
        this.text = text;
        this.checked = checked;
        this.asksUser =
                tree.getReferenceMap().values().stream()
                        .anyMatch(reference -> Facts.isAboutUser(reference.name()));
        try {
            this.program = RUNTIME.createProgram(tree);
        } catch (CelEvaluationException e) {
            throw new IllegalArgumentException("condition: " + e.getMessage(), e);
        }
    }

    static Condition of(String text, CelAbstractSyntaxTree tree) {
        // Positions are of no use to those who have no source to show.
        CheckedExpr expression =
                CelProtoAbstractSyntaxTree.fromCelAst(tree).toCheckedExpr().toBuilder()
                        .setSourceInfo(SourceInfo.getDefaultInstance())
                        .build();
        return new Condition(text, Base64.getEncoder().encodeToString(bytes(expression)), tree);
    }

    /** One expression has one form, by whose hash it is recognised. */
    private static byte[] bytes(CheckedExpr expression) {
        byte[] bytes = new byte[expression.getSerializedSize()];
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        output.useDeterministicSerialization();
        try {
            expression.writeTo(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes;
    }

    /**
     * Takes up what {@link #text} and {@link #checked} gave away.
     *
     * @throws IllegalArgumentException when it is not a checked expression
     */
    public static Condition read(String text, String checked) {
        try {
            byte[] bytes = Base64.getDecoder().decode(checked);
            var expression = CheckedExpr.parseFrom(bytes, ExtensionRegistryLite.getEmptyRegistry());
            return new Condition(
                    text, checked, CelProtoAbstractSyntaxTree.fromCheckedExpr(expression).getAst());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("condition: " + e.getMessage(), e);
        }
    }

    /** The expression as it was written. */
    public String text() {
        return text;
    }

    /** The checked syntax tree: {@code cel.expr.CheckedExpr} in Base64. */
    public String checked() {
        return checked;
    }

    /** Whether it can only be evaluated for a user. */
    public boolean asksUser() {
        return asksUser;
    }

    /**
     * @param user null only when the condition does not ask for one
     */
    public Outcome evaluate(RequestView request, Caller caller, @Nullable User user) {
        try {
            Object value = program.eval(new Facts(request, caller, user));
            return Boolean.TRUE.equals(value) ? Outcome.TRUE : Outcome.FALSE;
        } catch (CelEvaluationException | RuntimeException e) {
            return Outcome.ERROR;
        }
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Condition other
                && other.text.equals(text)
                && other.checked.equals(checked);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
