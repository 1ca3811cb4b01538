// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.cli.home.Distribution;
import io.weft.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckCommandTest {

    @TempDir private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void findsNothingWrongWithTheShop() {
        assertThat(check(Path.of("..", "demo", "policy").toString())).isZero();

        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("1 files, 4 services, 4 routes, 7 access rules, nothing wrong\n");
        assertThat(out.size()).isZero();
    }

    @Test
    void pointsAtWhatIsWrong() throws IOException {
        Path file = broken();

        assertThat(check(file.toString())).isEqualTo(1);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(file + ":7:17: weft.routes.shop.rules.all.to")
                .contains("did you mean \"orders\"?")
                .contains("  7 |           to: { ordres: 100 }\n    |                 ^^^^^^\n");
    }

    @Test
    void tellsProgramsTheSame() throws IOException {
        assertThat(check("-o", "json", broken().toString())).isEqualTo(1);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("\"line\":7,\"column\":17,\"path\":\"weft.routes.shop.rules.all.to")
                .contains("\"suggestion\":\"orders\"");
    }

    @Test
    void warnsOfWhatIsInVainAndHasNothingAgainstIt() throws IOException {
        Path file = inVain();

        assertThat(check(file.toString())).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith(
                        file
                                + ":7:9: warning: weft.routes.shop.rules.b: never chosen for any"
                                + " host, because shop/a asks for the same and comes first\n")
                .contains("  7 |         b: { to: { orders: 100 } }\n    |         ^\n");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "1 files, 1 services, 1 routes, 0 access rules, nothing wrong, 1 warning\n");
    }

    @Test
    void tellsProgramsWarningsFromProblems() throws IOException {
        assertThat(check("-o", "json", inVain().toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("{\"severity\":\"warning\",");

        out.reset();
        assertThat(check("-o", "json", broken().toString())).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("{\"severity\":\"problem\",");
    }

    @Test
    void knowsAFileThatIsNotThereFromABrokenOne() {
        assertThat(check("nowhere.yml")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no such file: nowhere.yml");
    }

    private Path inVain() throws IOException {
        return Files.writeString(
                directory.resolve("vain.yml"),
                """
                weft:
                  services: { orders: { protocol: http } }
                  routes:
                    shop:
                      rules:
                        a: { to: { orders: 100 } }
                        b: { to: { orders: 100 } }
                """);
    }

    private Path broken() throws IOException {
        return Files.writeString(
                directory.resolve("shop.yml"),
                """
                weft:
                  services: { orders: { protocol: http } }
                  routes:
                    shop:
                      rules:
                        all:
                          to: { ordres: 100 }
                """);
    }

    private int check(String... arguments) {
        Terminal terminal =
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Terminal.Look.PLAIN);
        CheckCommand check = new CheckCommand(new Distribution(directory), terminal);
        return new CommandLine(check).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments);
    }
}
