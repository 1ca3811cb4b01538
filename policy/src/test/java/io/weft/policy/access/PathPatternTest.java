// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

    @ParameterizedTest
    @CsvSource({
        "/orders/**, /orders, true",
        "/orders/**, /orders/, true",
        "/orders/**, /orders/1/items, true",
        "/orders/**, /ordersx, false",
        "/orders/**, /order, false",
        "/orders/**, /, false",
        "/**, /, true",
        "/**, /a/b, true",
        "/, /, true",
        "/, /a, false",
        "/orders, /orders, true",
        "/orders, /orders/, false",
        "/orders/, /orders/, true",
        "/orders/, /orders, false",
        "/orders/*, /orders/1, true",
        "/orders/*, /orders/1/, false",
        "/orders/*, /orders/1/2, false",
        "/orders/*, /orders, false",
        "/orders/*, /orders/, false",
        "/*/items, /1/items, true",
        "/*/items, //items, false",
        "/*/*/**, /a, false",
        "/*/*/**, /a/b, true",
        "/*/*/**, /a/b/c, true",
        "/a/b, /a/B, false"
    })
    void coversBySegment(String pattern, String path, boolean covers) {
        byte[] bytes = ("??" + path + "/x").getBytes(US_ASCII);

        assertThat(PathPattern.parse(pattern).covers(bytes, 2, 2 + path.length()))
                .isEqualTo(covers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders", "*", "**", "/a*", "/*a", "/**/a", "/a**", "/***"})
    void refusesStarsThatAreNoSegment(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathPattern.parse(pattern))
                .withMessageContaining("expected: an absolute path");
    }

    @Test
    void isItsText() {
        assertThat(PathPattern.parse("/a/**"))
                .isEqualTo(PathPattern.parse("/a/**"))
                .hasSameHashCodeAs(PathPattern.parse("/a/**"))
                .isNotEqualTo(PathPattern.parse("/a/*"))
                .hasToString("/a/**");
    }
}
