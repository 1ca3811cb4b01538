// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.authservice.state.StateDirectory;
import io.weft.authservice.state.UnusableStateException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealTest {

    private static final byte[] PLAIN = "a private key".getBytes(StandardCharsets.UTF_8);

    private static Seal sealUnder(int everyByte) {
        byte[] key = new byte[SealKey.BYTES];
        Arrays.fill(key, (byte) everyByte);
        return new Seal(SealKey.of(key));
    }

    private final Seal seal = sealUnder(7);

    @Test
    void opensWhatItSealed() {
        byte[] sealed = seal.seal("root", PLAIN);

        assertThat(seal.open("root", sealed)).isEqualTo(PLAIN);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("private");
        assertThat(seal.seal("root", PLAIN)).isNotEqualTo(sealed);
    }

    @Test
    void opensNothingElse() {
        byte[] sealed = seal.seal("root", PLAIN);
        refuses(seal, "issuer", sealed);
        refuses(sealUnder(8), "root", sealed);
        refuses(seal, "root", new byte[0]);
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            refuses(seal, "root", changed);
        }
    }

    private static void refuses(Seal seal, String purpose, byte[] sealed) {
        assertThatThrownBy(() -> seal.open(purpose, sealed))
                .isInstanceOf(BrokenSealException.class)
                .hasMessageContaining("weft.auth.seal-key");
    }

    @Test
    void keepsTheKeyItMade(@TempDir Path directory) throws IOException {
        byte[] sealed;
        try (var state = StateDirectory.open(directory)) {
            sealed = Seal.of(null, state).seal("root", PLAIN);
        }
        try (var state = StateDirectory.open(directory)) {
            assertThat(Seal.of(null, state).open("root", sealed)).isEqualTo(PLAIN);
        }
    }

    @Test
    void saysWhichKeyIsNoKey(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("seal.key"), "c2hvcnQ=");
        try (var state = StateDirectory.open(directory)) {
            assertThatThrownBy(() -> Seal.of(null, state))
                    .isInstanceOf(UnusableStateException.class)
                    .hasMessageContaining("seal.key")
                    .hasMessageContaining("5 bytes (expected: 32)");
        }
    }

    @Test
    void neverShowsItsKey() {
        assertThat(SealKey.of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").toString())
                .isEqualTo("SealKey[not shown]");
    }
}
