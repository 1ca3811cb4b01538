// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PlainRequestTest {

    @Test
    void showsWhatAProxyWouldShow() {
        PlainRequest request =
                PlainRequest.of("GET", "Shop.Example:8080", "/a/../caf%c3%a9?q=ü&r")
                        .header("X-One", "1")
                        .header("x-two", "zwölf")
                        .header("X-ONE", "3")
                        .build();

        assertThat(text(request, request.methodStart(), request.methodEnd())).isEqualTo("GET");
        assertThat(text(request, request.hostStart(), request.hostEnd())).isEqualTo("shop.example");
        assertThat(text(request, request.pathStart(), request.pathEnd())).isEqualTo("/caf%C3%A9");
        assertThat(text(request, request.queryStart(), request.queryEnd())).isEqualTo("q=ü&r");
        int first = request.header(HeaderName.of("x-one"), 0);
        int second = request.header(HeaderName.of("x-one"), first + 1);
        assertThat(value(request, first)).isEqualTo("1");
        assertThat(value(request, second)).isEqualTo("3");
        assertThat(request.header(HeaderName.of("x-one"), second + 1)).isNegative();
        assertThat(value(request, request.header(HeaderName.of("X-Two"), 0))).isEqualTo("zwölf");
    }

    @Test
    void keepsTheColonsOfAnAddress() {
        PlainRequest request = PlainRequest.of("GET", "[::1]", "/").build();
        PlainRequest withPort = PlainRequest.of("GET", "[::1]:8080", "/").build();

        assertThat(text(request, request.hostStart(), request.hostEnd())).isEqualTo("[::1]");
        assertThat(text(withPort, withPort.hostStart(), withPort.hostEnd())).isEqualTo("[::1]");
    }

    @Test
    void knowsThePortThatIsAskedFor() {
        assertThat(PlainRequest.of("GET", "a.test", "/").build().port()).isEqualTo(80);
        assertThat(PlainRequest.of("GET", "a.test:8080", "/").build().port()).isEqualTo(8_080);
        assertThat(PlainRequest.of("GET", "[::1]:81", "/").build().port()).isEqualTo(81);
        for (String port : new String[] {"", "0", "65536", "x", "-1"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PlainRequest.of("GET", "a.test:" + port, "/"))
                    .withMessage("port: %s (expected: 1-65535)", port);
        }
    }

    @Test
    void refusesPathsThatProxiesRefuse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlainRequest.of("GET", "a.test", "/a%2fb"))
                .withMessageContaining("encoded slash");
    }

    private static String value(PlainRequest request, int header) {
        return text(request, request.valueStart(header), request.valueEnd(header));
    }

    private static String text(PlainRequest request, int start, int end) {
        return new String(request.bytes(), start, end - start, UTF_8);
    }
}
