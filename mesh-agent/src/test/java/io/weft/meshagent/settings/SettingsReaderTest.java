// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weft.dataplane.server.ServerSettings;
import io.weft.dataplane.upstream.UpstreamSettings;
import io.weft.meshagent.settings.SettingsReader.InvalidSettingsException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {

    private static AgentSettings read(String... arguments) throws InvalidSettingsException {
        return SettingsReader.read(arguments).agent();
    }

    private static List<String> problems(String... arguments) {
        InvalidSettingsException thrown =
                catchThrowableOfType(InvalidSettingsException.class, () -> read(arguments));
        assertThat(thrown).isNotNull();
        return String.valueOf(thrown.getMessage()).lines().toList();
    }

    @Test
    void itsDefaultsAreThoseOfTheEngine() throws InvalidSettingsException {
        AgentSettings settings = read("--weft.agent.name=orders");

        assertThat(settings.workload()).hasToString("orders");
        assertThat(settings.limits().headers())
                .isEqualTo(ServerSettings.DEFAULT.limits().headers());
        assertThat(settings.timeouts().header()).isEqualTo(ServerSettings.DEFAULT.header());
        assertThat(settings.timeouts().keepAlive()).isEqualTo(ServerSettings.DEFAULT.keepAlive());
        assertThat(settings.timeouts().bodyWindow()).isEqualTo(ServerSettings.DEFAULT.bodyWindow());
        assertThat(settings.timeouts().connect()).isEqualTo(UpstreamSettings.DEFAULT.connect());
        assertThat(settings.timeouts().idle()).isEqualTo(UpstreamSettings.DEFAULT.idle());
        assertThat(settings.timeouts().upstreamKeepAlive())
                .isEqualTo(UpstreamSettings.DEFAULT.keepAlive());
    }

    @Test
    void readsWhatSpringWouldRead() throws InvalidSettingsException {
        SettingsReader.Settings settings =
                SettingsReader.read(
                        "--weft.agent.name=orders",
                        "--weft.agent.labels.zone=a",
                        "--weft.agent.app.port=7000",
                        "--weft.agent.timeouts.upstreamKeepAlive=2m",
                        "--weft.agent.transport=IO-URING",
                        "--logging.level.io.weft=debug");

        assertThat(settings.agent().labels()).isEqualTo(Map.of("zone", "a"));
        assertThat(settings.agent().app().port()).isEqualTo(7_000);
        assertThat(settings.agent().timeouts().upstreamKeepAlive())
                .isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.agent().transport()).isEqualTo(AgentSettings.TransportChoice.IO_URING);
        assertThat(settings.logLevels()).containsEntry("io.weft", "debug");
    }

    @Test
    void tellsWhatIsMissingAndWhatMeansNothing() {
        assertThat(problems("--server.port=8080"))
                .satisfiesExactlyInAnyOrder(
                        each -> assertThat(each).startsWith("server.port: means nothing"),
                        each -> assertThat(each).startsWith("weft.agent.name: null (expected: "));
    }

    @Test
    void tellsTheValueAndWhatIsExpected() {
        assertThat(problems("--weft.agent.name=orders", "--weft.agent.app.port=0"))
                .singleElement()
                .asString()
                .contains("port: 0 (expected: 1-65535)");
    }

    @Test
    void suggestsTheKeyThatWasMeant() {
        assertThat(problems("--weft.agent.name=orders", "--weft.agent.timeouts.conect=1s"))
                .singleElement()
                .asString()
                .contains("timeouts.conect: unknown key")
                .contains("did you mean weft.agent.timeouts.connect?");
    }

    @Test
    void saysWhichValueHasTheWrongType() {
        assertThat(problems("--weft.agent.name=orders", "--weft.agent.timeouts.idle=soon"))
                .singleElement()
                .asString()
                .contains("weft.agent.timeouts.idle", "soon");
    }
}
