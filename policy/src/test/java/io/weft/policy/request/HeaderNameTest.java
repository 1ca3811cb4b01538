// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderNameTest {

    @Test
    void ignoresCase() {
        HeaderName name = HeaderName.of("X-Tester");

        assertThat(name).isEqualTo(HeaderName.of("x-TESTER")).hasToString("x-tester");
        assertThat(name.is("?X-testeR!".getBytes(ISO_8859_1), 1, 9)).isTrue();
        assertThat(name.is("X_Tester".getBytes(ISO_8859_1), 0, 8)).isFalse();
        assertThat(name.is("X-Testers".getBytes(ISO_8859_1), 0, 9)).isFalse();
    }

    @Test
    void hasTheHashOfItsBytesInLowerCase() {
        int hash = 0;
        for (byte b : "ACCEPT-language".getBytes(ISO_8859_1)) {
            hash = HeaderName.hash(hash, HeaderName.tokenByte(b));
        }
        assertThat(HeaderName.of("Accept-Language").hashCode()).isEqualTo(hash);
    }

    @Test
    void refusesWhatIsNoToken() {
        for (String wrong : List.of("", "a b", "a:", "ä", "a\r\n", "a\0", "(a)", "a\"")) {
            assertThatIllegalArgumentException().isThrownBy(() -> HeaderName.of(wrong));
        }
        for (int b = 128; b < 256; b++) {
            assertThat(HeaderName.tokenByte((byte) b)).isZero();
        }
    }
}
