// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.weft.policy.CpuTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathRegexTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "*a 'nothing to repeat at character 1'",
                "/(?:+a) 'nothing to repeat at character 5'",
                "a|{2} 'nothing to repeat at character 3'",
                "a** 'repetition of a repetition at character 3'",
                "a{2}{3} 'repetition of a repetition at character 5'",
                "a*?? 'repetition of a repetition at character 4'",
                "a{1001} 'repetition out of range (0 to 1000) at character 2'",
                "a{3,2} 'repetition out of range (0 to 1000) at character 2'",
                "(a 'missing ) at character 3'",
                "a) 'unexpected ) at character 2'",
                "/a[bc 'missing ] at character 3'",
                "/[] 'missing ] at character 2'",
                "[b-a] 'invalid range at character 5'",
                "[a-\\d] 'invalid range at character 6'",
                "[[:foo:]] 'unknown class [:foo:] at character 2'",
                "[é] 'characters beyond ASCII cannot stand in brackets at character 2'",
                "a\\ 'escape at the end at character 2'",
                "a\\b 'escape \\b is not supported at character 2'",
                "a\\1 'escape \\1 is not supported at character 2'",
                "\\pL 'escape \\p is not supported at character 1'",
                "\\x{263a} '\\x needs two hexadecimal digits, at most 7f at character 3'",
                "\\xff '\\x needs two hexadecimal digits, at most 7f at character 3'",
                "(?=a) 'look-around and flags other than i are not supported at character 2'",
                "(?!a) 'look-around and flags other than i are not supported at character 2'",
                "(?s)a 'look-around and flags other than i are not supported at character 2'",
                "(?<=a) 'look-around is not supported, and this is no group name at character 2'"
            })
    void refusesWithPlaceAndReason(String pattern, String message) {
        assertThatExceptionOfType(PathRegex.SyntaxException.class)
                .isThrownBy(() -> PathRegex.parse(pattern))
                .withMessage(message);
    }

    @Test
    void refusesWhatWouldBecomeTooLarge() {
        for (String pattern :
                new String[] {
                    "(a{100}){100}",
                    "(((a{10}){10}){10}){10}",
                    ".{1000}.{1000}",
                    "(?:(?:(?:(?:(?:){1000}){1000}){1000}){1000}){1000}",
                    "((((((a?){1000})?){1000})?){1000})"
                }) {
            Duration took =
                    CpuTime.of(
                            () ->
                                    assertThatExceptionOfType(PathRegex.SyntaxException.class)
                                            .isThrownBy(() -> PathRegex.parse(pattern))
                                            .withMessageStartingWith("too large"));
            assertThat(took).as(pattern).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void refusesLongAndDeepPatterns() {
        assertThatExceptionOfType(PathRegex.SyntaxException.class)
                .isThrownBy(() -> PathRegex.parse("a".repeat(1_001)))
                .withMessageStartingWith("longer than 1000 characters");
        assertThatExceptionOfType(PathRegex.SyntaxException.class)
                .isThrownBy(() -> PathRegex.parse("(".repeat(200) + ")".repeat(200)))
                .withMessageStartingWith("nested too deeply");
        assertThatNoException().isThrownBy(() -> PathRegex.parse("a".repeat(1_000)));
        assertThatNoException().isThrownBy(() -> PathRegex.parse("a{1000}"));
    }
}
