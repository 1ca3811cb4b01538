// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.cli.terminal.Terminal.Look;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void coloursOnlyTerminals() {
        assertThat(Look.of(true, StandardCharsets.UTF_8, Map.of()))
                .isEqualTo(new Look(true, true, true));
        assertThat(Look.of(false, StandardCharsets.UTF_8, Map.of()))
                .isEqualTo(new Look(false, true, false));
        assertThat(Look.of(true, StandardCharsets.UTF_8, Map.of("NO_COLOR", "1")).colour())
                .isFalse();
        assertThat(Look.of(true, StandardCharsets.UTF_8, Map.of("TERM", "dumb")))
                .isEqualTo(new Look(false, true, false));
        assertThat(Look.of(false, StandardCharsets.UTF_8, Map.of("CLICOLOR_FORCE", "1")).colour())
                .isTrue();
        assertThat(
                        Look.of(
                                        true,
                                        StandardCharsets.UTF_8,
                                        Map.of("NO_COLOR", "1", "CLICOLOR_FORCE", "1"))
                                .colour())
                .isFalse();
    }

    @Test
    void spellsSymbolsThatTheEncodingLacks() {
        Look look = Look.of(false, StandardCharsets.US_ASCII, Map.of());

        terminal(look).done("gateway", "http://localhost:8080", Duration.ofMillis(1250));

        assertThat(err.toString(StandardCharsets.US_ASCII))
                .isEqualTo(
                        "  ok gateway         http://localhost:8080" + " ".repeat(40) + "1.3 s\n");
    }

    @Test
    void keepsProgressAwayFromData() {
        Terminal terminal = terminal(Look.PLAIN);
        terminal.say("working");
        terminal.out().print("data");

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("data");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("working\n");
    }

    @Test
    void writesOverALineOnlyWhereLinesCanChange() {
        terminal(Look.PLAIN).passing("waiting");
        assertThat(err.size()).isZero();

        Terminal lively = terminal(new Look(false, false, true));
        lively.passing("waiting");
        lively.say("done");

        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\u001b[K  ... waiting\r\u001b[Kdone\n");
    }

    @Test
    void alignsTables() {
        Table table = new Table("NAME", "STATE");
        table.add("orders-v1", "ready");

        assertThat(table).hasToString("NAME       STATE\norders-v1  ready");
    }

    @Test
    void writesJson() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("text", "a\"b\\\n\u0001");
        map.put("list", Arrays.asList(1, true, null));
        map.put("empty", List.of());

        assertThat(Json.of(map))
                .isEqualTo(
                        "{\"text\":\"a\\\"b\\\\\\n\\u0001\",\"list\":[1,true,null],\"empty\":[]}");
    }

    private Terminal terminal(Look look) {
        return new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                look);
    }
}
