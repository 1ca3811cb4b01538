// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.jvm;

import io.weft.cli.port.Claim;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How to run a program by itself for a while, to see what it needs.
 *
 * @param arguments of the program
 * @param environment its settings
 * @param directory where it may leave what it wants
 * @param ready answers 200 when it has started
 * @param requests what to ask it once, whatever it answers
 * @param ports released the moment before it is started
 */
public record Trainee(
        JavaProgram program,
        List<String> arguments,
        Map<String, String> environment,
        Path directory,
        URI ready,
        List<URI> requests,
        List<Claim> ports) {

    public Trainee {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        requests = List.copyOf(requests);
        ports = List.copyOf(ports);
    }
}
