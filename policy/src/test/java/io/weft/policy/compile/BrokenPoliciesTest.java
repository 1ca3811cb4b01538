// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.Golden;
import io.weft.policy.problem.Problem;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What authors are told: every problem of a document, in the shape of the operator API. */
class BrokenPoliciesTest {

    static Stream<Golden> policies() throws IOException {
        return Golden.in("broken");
    }

    @ParameterizedTest
    @MethodSource("policies")
    void tellsEveryProblemWithPlaceAndRemedy(Golden policy) {
        Compilation compilation =
                PolicyCompiler.compile(
                        List.of(new PolicyText(policy.name() + ".yml", policy.text())),
                        List.of(),
                        Good.NONE);

        assertThat(compilation.isSound()).isFalse();
        policy.assertGives(
                compilation.problems().stream()
                        .map(BrokenPoliciesTest::json)
                        .collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n")));
    }

    private static String json(Problem problem) {
        var text = new StringWriter();
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("file", problem.at().file());
            json.writeNumberProperty("line", problem.at().line());
            json.writeNumberProperty("column", problem.at().column());
            json.writeStringProperty("path", problem.path());
            json.writeStringProperty("value", problem.value());
            json.writeStringProperty("message", problem.message());
            json.writeStringProperty("expected", problem.expected());
            if (problem.suggestion() != null) {
                json.writeStringProperty("suggestion", problem.suggestion());
            }
            json.writeEndObject();
        }
        return text.toString();
    }
}
