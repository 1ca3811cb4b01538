// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.weft.authservice.fixture.HostileCsrs;
import io.weft.authservice.fixture.TestCsrs;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Sections C-01, C-03 and T-07 of the hostile inputs. */
class CsrTest {

    private static final Duration BOUND = Duration.ofSeconds(5);

    @Test
    void takesKeysOnBothCurves() throws Exception {
        for (String curve : new String[] {"secp256r1", "secp384r1"}) {
            KeyPair key = TestCsrs.key(curve);
            for (String hash : new String[] {"SHA256", "SHA384", "SHA512"}) {
                byte[] csr = TestCsrs.of(key, hash + "withECDSA");
                assertThat(Csr.read(csr).key()).isEqualTo(key.getPublic().getEncoded());
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> refusesWhatIsNoRequest() throws Exception {
        return HostileCsrs.all().entrySet().stream()
                .map(
                        each ->
                                DynamicTest.dynamicTest(
                                        each.getKey(), () -> refuses(each.getValue())));
    }

    private static void refuses(byte[] csr) {
        assertTimeoutPreemptively(
                BOUND,
                () -> assertThatThrownBy(() -> Csr.read(csr)).isInstanceOf(BadCsrException.class));
    }

    @Test
    void noBitMayBeAnother() throws Exception {
        byte[] good = TestCsrs.of(TestCsrs.key());
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] changed = good.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            refuses(changed);
        }
    }

    @Test
    void noiseIsRefused() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            if (noise.length > 2) {
                noise[0] = 0x30;
                noise[1] = (byte) (noise.length - 2);
            }
            refuses(noise);
        }
    }
}
