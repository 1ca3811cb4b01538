// SPDX-License-Identifier: Apache-2.0
package io.weft.cli;

import io.weft.cli.check.CheckCommand;
import io.weft.cli.down.DownCommand;
import io.weft.cli.down.ResetCommand;
import io.weft.cli.home.Distribution;
import io.weft.cli.logs.LogsCommand;
import io.weft.cli.run.RunCommand;
import io.weft.cli.status.StatusCommand;
import io.weft.cli.terminal.Terminal;
import io.weft.cli.token.TokenCommand;
import io.weft.cli.up.UpCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.OptionSpec;

/** The {@code weft} command: what it can do, and what its exit codes mean. */
@Command(
        name = "weft",
        header = "One policy for the edge and the mesh.",
        customSynopsis = {
            "weft up                                          start everything here",
            "       weft run --name cart --port 7000 -- COMMAND      your process in the mesh",
            "       weft check my-policy.yml                         is a policy right?",
            "       weft down                                        stop everything"
        },
        commandListHeading = "%nCommands:%n",
        footer = "%nweft COMMAND --help tells more.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it failed, and stderr says why",
            "2:not understood",
            "3:nothing is running (status)"
        },
        versionProvider = Weft.Version.class)
public final class Weft {

    /** The version of the build. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"weft " + Distribution.version()};
        }
    }

    private Weft() {}

    public static void main(String[] args) {
        System.exit(commandLine(Distribution.ofSystem(), Terminal.ofSystem()).execute(args));
    }

    /** The command with all its subcommands; its reference page is made of it. */
    public static CommandLine commandLine(Distribution distribution, Terminal terminal) {
        CommandLine weft = new CommandLine(new Weft());
        weft.getCommandSpec().mixinStandardHelpOptions(true);
        List.of(
                        new UpCommand(distribution, terminal),
                        new StatusCommand(distribution, terminal),
                        new LogsCommand(distribution, terminal),
                        new RunCommand(distribution, terminal),
                        new TokenCommand(distribution, terminal),
                        new CheckCommand(distribution, terminal),
                        new DownCommand(distribution, terminal),
                        new ResetCommand(distribution, terminal))
                .forEach(weft::addSubcommand);
        weft.getSubcommands().values().forEach(Weft::addHelp);
        weft.setCaseInsensitiveEnumValuesAllowed(true);
        Complaints complaints = new Complaints(terminal);
        weft.setParameterExceptionHandler(complaints);
        weft.setExecutionExceptionHandler(complaints);
        return weft;
    }

    private static void addHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(
                        OptionSpec.builder("-h", "--help")
                                .usageHelp(true)
                                .description("Show this help.")
                                .build());
    }
}
