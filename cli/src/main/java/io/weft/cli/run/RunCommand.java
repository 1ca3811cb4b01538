// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.run;

import io.weft.cli.check.PolicyFiles;
import io.weft.cli.home.Distribution;
import io.weft.cli.home.State;
import io.weft.cli.home.Up;
import io.weft.cli.home.Up.Address;
import io.weft.cli.supervise.PartFailed;
import io.weft.cli.terminal.Terminal;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a process of the user's with an agent beside it. */
@Command(
        name = "run",
        header = "Put a process of your own into the mesh, for as long as it runs.",
        customSynopsis = {
            "weft run --name cart --port 7000 -- java -jar cart.jar",
            "       weft run --name cart --port 7001 --version v2 -- ./cart --next"
        },
        footer = {
            "%nThe process finds in its environment: PORT and SERVER_PORT, where it has to listen (on",
            "127.0.0.1); http_proxy and JAVA_TOOL_OPTIONS, so that it calls others by their names;",
            "WEFT_NAME, WEFT_VERSION, WEFT_OUTBOUND and WEFT_EDGE. The exit code is that of the process."
        })
public final class RunCommand implements Callable<Integer> {

    private final Distribution distribution;
    private final Terminal terminal;

    @Option(
            names = {"-n", "--name"},
            required = true,
            paramLabel = "NAME",
            description = "The service that it is: a name as in policies.")
    private String name = "";

    @Option(
            names = {"-p", "--port"},
            required = true,
            paramLabel = "PORT",
            description = "Where it listens.")
    private int port;

    @Option(
            names = "--version",
            defaultValue = "v1",
            paramLabel = "VERSION",
            description = "Its version label; v1 unless given.")
    private String version = "v1";

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "What to run, after --.")
    private List<String> command = List.of();

    public RunCommand(Distribution distribution, Terminal terminal) {
        this.distribution = distribution;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Guest guest;
        try {
            guest = new Guest(name, version, port);
        } catch (IllegalArgumentException e) {
            terminal.failed(String.valueOf(e.getMessage()));
            return ExitCode.USAGE;
        }
        Optional<Up> up = Up.find(distribution.state()).filter(Up::ready);
        if (up.isEmpty()) {
            terminal.failed(
                    "there is no mesh to join; start one: " + Distribution.command() + " up");
            return 1;
        }
        try (Membership membership = new Membership(distribution, terminal, up.get(), guest)) {
            membership.join();
            tell(guest, up.get());
            return membership.run(command);
        } catch (CancellationException leaving) {
            return 1;
        } catch (PartFailed e) {
            terminal.failed(e.line());
            e.lastWords().forEach(line -> terminal.say("    " + line));
            terminal.say("  log: " + Distribution.shown(e.log()));
            return 1;
        }
    }

    private void tell(Guest guest, Up up) throws IOException {
        State state = distribution.state();
        ServiceName service = ServiceName.parse(guest.name());
        PolicyFiles policy = PolicyFiles.read(List.of(state.policy()));
        Optional<String> path = EdgeRoute.path(policy.compile().good().objects(), service);
        if (path.isPresent()) {
            terminal.say(
                    "%s is in the mesh: %s"
                            .formatted(guest.name(), up.at(Address.EDGE).resolve(path.get())));
            return;
        }
        Path file = Distribution.shown(state.policy().resolve(guest.name() + ".yml"));
        terminal.say(
                "%s is in the mesh. No route leads there from the edge yet; to make one, write"
                        .formatted(guest.name()));
        terminal.say("this into %s:\n".formatted(file));
        terminal.say(EdgeRoute.policyFor(service));
    }
}
