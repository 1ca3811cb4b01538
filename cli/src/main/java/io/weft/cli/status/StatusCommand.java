// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.status;

import io.weft.cli.home.Distribution;
import io.weft.cli.home.State;
import io.weft.cli.process.Roster.Entry;
import io.weft.cli.supervise.Probe;
import io.weft.cli.terminal.Json;
import io.weft.cli.terminal.Table;
import io.weft.cli.terminal.Terminal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows every part: whether its process runs, and whether it answers that it is ready. */
@Command(
        name = "status",
        header = "Show what is running and whether it is well.",
        customSynopsis = {"weft status", "       weft status -o json"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:everything is ready", "1:something is not", "3:nothing is running"})
public final class StatusCommand implements Callable<Integer> {

    private static final int NOT_READY = 1;
    private static final int NOTHING_RUNS = 3;

    private final Distribution distribution;
    private final Terminal terminal;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            paramLabel = "FORMAT",
            description = "table (unless given) or json.")
    private Format format = Format.TABLE;

    private enum Format {
        TABLE,
        JSON
    }

    /** A part as it is now. */
    private record Row(Entry entry, String state, Duration age) {

        static Row of(Entry entry) {
            return new Row(entry, state(entry), age(entry));
        }

        private static Duration age(Entry entry) {
            return entry.process()
                    .find()
                    .flatMap(process -> process.info().startInstant())
                    .map(started -> Duration.between(started, Instant.now()))
                    .orElse(Duration.ZERO);
        }

        boolean ready() {
            return state.equals("ready");
        }

        String address() {
            return entry.member().ready().map(URI::toString).orElse("");
        }

        private static String state(Entry entry) {
            if (entry.process().find().isEmpty()) {
                return "ended";
            }
            boolean ready =
                    entry.member().ready().map(address -> Probe.ask(address).good()).orElse(true);
            return ready ? "ready" : "not ready";
        }
    }

    public StatusCommand(Distribution distribution, Terminal terminal) {
        this.distribution = distribution;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        State state = distribution.state();
        List<Row> rows =
                Stream.concat(state.started().entries().stream(), state.joined().entries().stream())
                        .map(Row::of)
                        .toList();
        boolean any = rows.stream().anyMatch(row -> !row.state().equals("ended"));
        boolean all = rows.stream().allMatch(Row::ready);
        switch (format) {
            case JSON -> terminal.out().println(json(rows, any && all));
            case TABLE -> print(rows, any);
        }
        return any ? (all ? 0 : NOT_READY) : NOTHING_RUNS;
    }

    private void print(List<Row> rows, boolean any) {
        if (!any) {
            terminal.say("Nothing is running. To start: " + Distribution.command() + " up");
            return;
        }
        Table table = new Table("NAME", "STATE", "PID", "UP", "READINESS");
        for (Row row : rows) {
            table.add(
                    row.entry().name(),
                    row.state(),
                    String.valueOf(row.entry().process().pid()),
                    shown(row.age()),
                    row.address());
        }
        terminal.out().println(table);
    }

    private static String json(List<Row> rows, boolean ready) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("ready", ready);
        status.put("parts", rows.stream().map(StatusCommand::json).toList());
        return Json.of(status);
    }

    private static Map<String, Object> json(Row row) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("name", row.entry().name());
        part.put("state", row.state());
        part.put("pid", row.entry().process().pid());
        part.put("upSeconds", row.age().toSeconds());
        part.put("readiness", row.address());
        return part;
    }

    private static String shown(Duration age) {
        return age.toHours() > 0
                ? "%d h %d m".formatted(age.toHours(), age.toMinutesPart())
                : "%d m %d s".formatted(age.toMinutes(), age.toSecondsPart());
    }
}
