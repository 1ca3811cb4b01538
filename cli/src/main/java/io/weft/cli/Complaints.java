// SPDX-License-Identifier: Apache-2.0
package io.weft.cli;

import io.weft.cli.terminal.Terminal;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in a line what was not understood or went wrong, and where help is. */
final class Complaints implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final Terminal terminal;

    Complaints(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        if (args.length == 0) {
            terminal.say(e.getCommandLine().getUsageMessage().stripTrailing());
            return ExitCode.USAGE;
        }
        terminal.failed(String.valueOf(e.getMessage()));
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> meant = unmatched.getSuggestions();
            if (!meant.isEmpty()) {
                terminal.say("  did you mean " + String.join(" or ", meant) + "?");
            }
        }
        terminal.say("  " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        String what = e.getMessage() == null ? e.toString() : e.getMessage();
        terminal.failed(command.getCommandName() + ": " + what);
        return ExitCode.SOFTWARE;
    }
}
