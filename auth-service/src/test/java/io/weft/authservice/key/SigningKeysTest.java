// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weft.authservice.fixture.ManualClock;
import io.weft.authservice.seal.Seal;
import io.weft.authservice.state.StateDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class SigningKeysTest {

    private static final Duration TOKEN = Duration.ofMinutes(15);

    private static final KeySettings SETTINGS =
            new KeySettings(Duration.ofDays(30), Duration.ofHours(1));

    @TempDir Path directory;

    private final ManualClock clock = new ManualClock();
    private StateDirectory state;
    private Seal seal;
    private JdbcClient jdbc;

    @BeforeEach
    void open() {
        state = StateDirectory.open(directory.resolve("state"));
        seal = Seal.of(null, state);
        var source =
                new DriverManagerDataSource(
                        "jdbc:h2:file:"
                                + directory.resolve("keys")
                                + ";MODE=PostgreSQL"
                                + ";DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1",
                        "sa",
                        "");
        Flyway.configure().dataSource(source).load().migrate();
        jdbc = JdbcClient.create(source);
    }

    @AfterEach
    void close() throws Exception {
        jdbc.sql("shutdown").update();
        state.close();
    }

    private SigningKeys instance() {
        return new SigningKeys(jdbc, seal, SETTINGS, TOKEN, clock);
    }

    @Test
    void keepsEveryValidTokenVerifiableForAYear() {
        SigningKeys keys = instance();
        SigningKeys verifierSees = instance();
        Map<String, Integer> signedFor = new HashMap<>();
        Duration step = Duration.ofHours(5);
        for (Duration at = Duration.ZERO;
                at.compareTo(Duration.ofDays(365)) < 0;
                at = at.plus(step)) {
            String kid = keys.signer().getKeyID();
            signedFor.merge(kid, 1, Integer::sum);
            assertThat(verifierSees.published().getKeyByKeyId(kid))
                    .as("known before it signs, after %s", at)
                    .isNotNull();
            verifierSees.refresh();
            clock.pass(TOKEN);
            keys.refresh();
            assertThat(keys.published().getKeyByKeyId(kid)).as("after %s", at).isNotNull();
            clock.pass(step.minus(TOKEN));
            keys.refresh();
        }
        assertThat(signedFor).hasSize(13);
        assertThat(keys.published().getKeys()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void publishesNoPrivatePart() {
        assertThat(instance().published().getKeys()).noneMatch(each -> each.isPrivate());
    }

    @Test
    void keepsKeysSealed() {
        SigningKeys keys = instance();
        byte[] sealed = jdbc.sql("select sealed from signing_key").query(byte[].class).single();
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1))
                .doesNotContain(keys.signer().getD().toString())
                .doesNotContain("\"kty\"");
    }

    @Test
    void agreesWithOtherInstances() {
        SigningKeys one = instance();
        SigningKeys other = instance();
        assertThat(other.signer()).isEqualTo(one.signer());
        clock.pass(SETTINGS.rotateEvery());
        other.refresh();
        one.refresh();
        assertThat(one.published().toString()).isEqualTo(other.published().toString());
        clock.pass(SETTINGS.publishAhead());
        assertThat(other.signer()).isEqualTo(one.signer());
    }

    @Test
    void signsWithTheOldKeyUntilTheNewOneIsKnownAfterALongPause() {
        SigningKeys keys = instance();
        String before = keys.signer().getKeyID();
        clock.pass(Duration.ofDays(400));
        SigningKeys again = instance();
        assertThat(again.signer().getKeyID()).isEqualTo(before);
        assertThat(again.published().getKeys()).hasSize(2);
        clock.pass(SETTINGS.publishAhead());
        assertThat(again.signer().getKeyID()).isNotEqualTo(before);
    }

    @Test
    void refusesToRotateFasterThanItPublishes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeySettings(Duration.ofHours(1), Duration.ofHours(1)))
                .withMessage("rotate-every: PT1H (expected: more than publish-ahead, PT1H)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeySettings(Duration.ofHours(1), Duration.ZERO))
                .withMessage("publish-ahead: PT0S (expected: at least 1s)");
    }
}
