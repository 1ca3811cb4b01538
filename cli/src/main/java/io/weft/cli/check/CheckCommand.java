// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.check;

import io.weft.cli.home.Distribution;
import io.weft.cli.terminal.Json;
import io.weft.cli.terminal.Terminal;
import io.weft.policy.compile.Compilation;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.problem.Problem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Judges policy files without a control plane. */
@Command(
        name = "check",
        header = "Say what is wrong with a policy, all of it at once, with line and column.",
        customSynopsis = {
            "weft check                      the policy in .weft/policy",
            "       weft check shop.yml team-a/      files and directories, taken together",
            "       weft check -o json shop.yml"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing is wrong, though something may be in vain",
            "1:something is wrong",
            "2:there is no such file"
        })
public final class CheckCommand implements Callable<Integer> {

    private static final int NO_SUCH_FILE = 2;

    private final Distribution distribution;
    private final Terminal terminal;

    @Parameters(paramLabel = "FILES", description = "Policy files, or directories of them.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            paramLabel = "FORMAT",
            description = "text (unless given) or json: an object per problem or warning and line.")
    private Format format = Format.TEXT;

    private enum Severity {
        PROBLEM,
        WARNING
    }

    private enum Format {
        TEXT,
        JSON
    }

    public CheckCommand(Distribution distribution, Terminal terminal) {
        this.distribution = distribution;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        PolicyFiles files;
        try {
            files = PolicyFiles.read(paths.isEmpty() ? List.of(inForce()) : paths);
        } catch (NoSuchFileException e) {
            terminal.failed("no such file: " + e.getMessage());
            return NO_SUCH_FILE;
        }
        Compilation compilation = files.compile();
        compilation.problems().forEach(each -> tell(each, Severity.PROBLEM, files));
        compilation.warnings().forEach(each -> tell(each, Severity.WARNING, files));
        if (format == Format.TEXT) {
            terminal.say(verdict(files, compilation));
        }
        return compilation.isSound() ? 0 : 1;
    }

    private Path inForce() {
        return Distribution.shown(distribution.state().policy());
    }

    private void tell(Problem problem, Severity severity, PolicyFiles files) {
        terminal.out()
                .println(
                        switch (format) {
                            case JSON -> json(problem, severity);
                            case TEXT -> text(problem, severity, files);
                        });
    }

    /** The line and a mark below the place, as compilers do. */
    private static String text(Problem problem, Severity severity, PolicyFiles files) {
        String text = severity == Severity.WARNING ? problem.asWarning() : problem.toString();
        int line = problem.at().line();
        if (line == 0) {
            return text;
        }
        String number = String.valueOf(line);
        String gutter = " ".repeat(number.length());
        String mark = "^".repeat(Math.max(1, problem.value().length()));
        return """
        %s
          %s | %s
          %s | %s%s
        """
                .formatted(
                        text,
                        number,
                        files.line(problem.at().file(), line),
                        gutter,
                        " ".repeat(Math.max(0, problem.at().column() - 1)),
                        mark);
    }

    private static String json(Problem problem, Severity severity) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("severity", severity.name().toLowerCase(Locale.ROOT));
        json.put("file", problem.at().file());
        json.put("line", problem.at().line());
        json.put("column", problem.at().column());
        json.put("path", problem.path());
        json.put("value", problem.value());
        json.put("message", problem.message());
        json.put("expected", problem.expected());
        Optional.ofNullable(problem.suggestion()).ifPresent(name -> json.put("suggestion", name));
        return Json.of(json);
    }

    private static String verdict(PolicyFiles files, Compilation compilation) {
        int warnings = compilation.warnings().size();
        String besides = warnings == 0 ? "" : ", " + count(warnings, "warning");
        if (!compilation.isSound()) {
            return count(compilation.problems().size(), "problem") + besides;
        }
        PolicyObjects policy = compilation.good().objects();
        return "%d files, %d services, %d routes, %d access rules, nothing wrong%s"
                .formatted(
                        files.count(),
                        policy.services().size(),
                        policy.routes().size(),
                        policy.access().size(),
                        besides);
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
