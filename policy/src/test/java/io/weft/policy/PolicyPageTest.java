// SPDX-License-Identifier: Apache-2.0
package io.weft.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.compile.PolicyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That docs/policy.md says what the reader understands. */
class PolicyPageTest {

    /** A key that does not exist wherever there are keys: the answers name those that do. */
    private static final String NOTHING_KNOWN =
            """
            weft:
              zz:
              services:
                a: { zz: 1, health: { zz: 1 } }
              tokens:
                a: { zz: 1 }
              routes:
                a:
                  zz: 1
                  rules:
                    r:
                      zz: 1
                      match: { zz: 1, path: { zz: 1 }, from: { zz: 1 } }
                      request-headers: { zz: 1 }
                      to: { a: { zz: 1 } }
                      timeout: { zz: 1 }
                      rewrite: { zz: 1, path: { zz: 1 } }
                      cors: { zz: 1 }
                      fault: { zz: 1, delay: { zz: 1 }, abort: { zz: 1 } }
                    redirects:
                      redirect: { zz: 1, path: { zz: 1 } }
                    responds:
                      respond: { zz: 1 }
              access:
                a: { zz: 1, to: { zz: 1 }, from: { zz: 1 }, user: { zz: 1 } }
            """;

    private static final int PLACES = 25;
    private static final String KNOWN = "one of: ";

    @Test
    void itsExampleIsSound() throws IOException {
        String page = page();
        int begin = page.indexOf("```yaml\n") + "```yaml\n".length();
        String example = page.substring(begin, page.indexOf("```\n", begin));
        Compilation compilation = compile(example);
        assertThat(compilation.problems()).isEmpty();
        assertThat(compilation.warnings()).isEmpty();
        assertThat(compilation.good().objects().byKey()).hasSize(12);
    }

    @Test
    void namesEveryKey() throws IOException {
        String page = page();
        List<String> answers =
                compile(NOTHING_KNOWN).problems().stream()
                        .filter(problem -> problem.message().equals("unknown key"))
                        .map(problem -> problem.expected())
                        .toList();
        assertThat(answers).hasSize(PLACES).allMatch(answer -> answer.startsWith(KNOWN));
        assertThat(answers.stream().flatMap(PolicyPageTest::keys).distinct())
                .allSatisfy(
                        key -> assertThat(page).containsPattern("`([a-z-]+\\.)*" + key + "[.`]"));
    }

    private static Stream<String> keys(String answer) {
        return Stream.of(answer.substring(KNOWN.length()).split(", "));
    }

    private static Compilation compile(String text) {
        return PolicyCompiler.compile(
                List.of(new PolicyText("policy.md", text)), List.of(), Good.NONE);
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "policy.md"));
    }
}
