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
        exitCodeList = {"0:nothing is wrong", "1:something is", "2:there is no such file"})
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
            description = "text (unless given) or json: an object per problem and line.")
    private Format format = Format.TEXT;

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
        compilation.problems().forEach(problem -> tell(problem, files));
        if (format == Format.TEXT) {
            terminal.say(verdict(files, compilation));
        }
        return compilation.isSound() ? 0 : 1;
    }

    private Path inForce() {
        return Distribution.shown(distribution.state().policy());
    }

    private void tell(Problem problem, PolicyFiles files) {
        terminal.out()
                .println(
                        switch (format) {
                            case JSON -> json(problem);
                            case TEXT -> text(problem, files);
                        });
    }

    /** The line and a mark below the place, as compilers do. */
    private static String text(Problem problem, PolicyFiles files) {
        int line = problem.at().line();
        if (line == 0) {
            return problem.toString();
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
                        problem,
                        number,
                        files.line(problem.at().file(), line),
                        gutter,
                        " ".repeat(Math.max(0, problem.at().column() - 1)),
                        mark);
    }

    private static String json(Problem problem) {
        Map<String, Object> json = new LinkedHashMap<>();
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
        if (!compilation.isSound()) {
            int problems = compilation.problems().size();
            return problems == 1 ? "1 problem" : problems + " problems";
        }
        PolicyObjects policy = compilation.good().objects();
        return "%d files, %d services, %d routes, %d access rules, nothing wrong"
                .formatted(
                        files.count(),
                        policy.services().size(),
                        policy.routes().size(),
                        policy.access().size());
    }
}
