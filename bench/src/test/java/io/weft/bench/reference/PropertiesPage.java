// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.reference;

import io.weft.cli.Weft;
import io.weft.cli.home.Distribution;
import io.weft.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The page of all settings. Its text is written by hand; its tables, each between two comments, are
 * made of the metadata of the modules and of the options of the command.
 */
final class PropertiesPage {

    private static final Pattern TABLE =
            Pattern.compile("(<!-- generated: (\\S+) -->\n).*?(<!-- end -->)", Pattern.DOTALL);

    private static final String COMMAND = "weft";

    private PropertiesPage() {}

    /** The page with its tables made anew. */
    static String refreshed(String page) {
        return TABLE.matcher(page)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        found.group(1)
                                                + "\n"
                                                + table(found.group(2))
                                                + "\n"
                                                + found.group(3)));
    }

    private static String table(String name) {
        Stream<String> rows = name.equals(COMMAND) ? optionRows() : settingRows(name + ".");
        return rows.collect(Collectors.joining("\n", "", "\n"));
    }

    private static Stream<String> settingRows(String prefix) {
        return Stream.concat(
                Stream.of("| Setting | Type | Default | Meaning |", "| --- | --- | --- | --- |"),
                Setting.all().stream()
                        .filter(setting -> setting.name().startsWith(prefix))
                        .map(PropertiesPage::row));
    }

    private static String row(Setting setting) {
        return row(
                code(setting.name()),
                text(setting.type()),
                code(setting.initial()),
                text(capitalized(setting.description())));
    }

    private static Stream<String> optionRows() {
        CommandLine weft = Weft.commandLine(new Distribution(Path.of("")), Terminal.ofSystem());
        return Stream.concat(
                Stream.of("| Option | Default | Meaning |", "| --- | --- | --- |"),
                weft.getSubcommands().values().stream().flatMap(PropertiesPage::rows));
    }

    private static Stream<String> rows(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        Stream<ArgSpec> options =
                command.getCommandSpec().options().stream()
                        .filter(option -> !option.hidden() && !option.usageHelp())
                        .map(ArgSpec.class::cast);
        Stream<ArgSpec> all =
                Stream.concat(options, command.getCommandSpec().positionalParameters().stream());
        return all.map(
                argument ->
                        row(
                                code(name + " " + spelling(argument)),
                                initial(argument),
                                text(String.join(" ", argument.description()))));
    }

    private static String spelling(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return argument.paramLabel();
        }
        String names = String.join(", ", List.of(option.names()).reversed());
        return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
    }

    private static String initial(ArgSpec argument) {
        if (argument.required()) {
            return "required";
        }
        return argument.defaultValue() == null ? "" : code(argument.defaultValue());
    }

    private static String row(String... cells) {
        return ("| " + String.join(" | ", cells) + " |").replaceAll(" {2,}", " ");
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    /** Text in which nothing is taken for markup. */
    private static String text(String text) {
        return text.replaceAll("([*|<_])", "\\\\$1");
    }

    private static String capitalized(String text) {
        return text.isEmpty() ? "" : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
