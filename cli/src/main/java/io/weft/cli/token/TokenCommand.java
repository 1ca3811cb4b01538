// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.token;

import io.weft.cli.home.Distribution;
import io.weft.cli.home.Up;
import io.weft.cli.home.Up.Address;
import io.weft.cli.terminal.Terminal;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gets a person's access token, and prints nothing else. */
@Command(
        name = "token",
        header = "Get the token of somebody who may sign in at the demo.",
        customSynopsis = {
            "weft token alice",
            "       curl -H \"Authorization: Bearer $(weft token alice)\" ..."
        },
        footer = "%nIt holds for five minutes.")
public final class TokenCommand implements Callable<Integer> {

    private final Distribution distribution;
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "Whose: alice, bob or admin, or anybody else's.")
    private String name = "";

    @Option(
            names = "--password",
            arity = "0..1",
            interactive = true,
            paramLabel = "PASSWORD",
            description = "Not needed for people of the demo; asked for when none is given here.")
    private char @Nullable [] password;

    @Option(
            names = "--operator",
            description = "For the APIs of operators (scope weft.admin), not for services.")
    private boolean operator;

    public TokenCommand(Distribution distribution, Terminal terminal) {
        this.distribution = distribution;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<Up> up = Up.find(distribution.state()).filter(Up::ready);
        if (up.isEmpty()) {
            terminal.failed(
                    "there is nobody to ask; start a mesh: " + Distribution.command() + " up");
            return 1;
        }
        Optional<String> known =
                password == null
                        ? DemoUsers.of(distribution.state()).password(name)
                        : Optional.of(new String(password));
        if (known.isEmpty()) {
            terminal.failed(name + " is nobody of the demo; say --password");
            return 1;
        }
        try {
            String token = flow(up.get().at(Address.AUTH)).token(name, known.get());
            terminal.out().println(token);
            terminal.out().flush();
            return 0;
        } catch (NoTokenException e) {
            terminal.failed(String.valueOf(e.getMessage()));
            return 1;
        }
    }

    private CodeFlow flow(URI auth) {
        return operator ? CodeFlow.forOperators(auth) : CodeFlow.forServices(auth);
    }
}
