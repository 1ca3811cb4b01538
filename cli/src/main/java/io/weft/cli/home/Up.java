// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.home;

import io.weft.cli.process.ProcessId;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A mesh on this machine, as the {@code weft up} that keeps it describes it to other commands.
 *
 * @param supervisor the process that keeps it
 * @param ready whether all of it has been seen to work
 * @param addresses where to reach it
 */
public record Up(ProcessId supervisor, boolean ready, Map<Address, URI> addresses) {

    /** The addresses that other commands and people need. */
    public enum Address {
        EDGE,
        CONTROL_PLANE,
        FEED,
        AUTH,
        ENROLMENT,
        ZIPKIN
    }

    public Up {
        addresses = Map.copyOf(addresses);
    }

    /** The address of a part that is always there. */
    public URI at(Address address) {
        return Optional.ofNullable(addresses.get(address))
                .orElseThrow(() -> new IllegalStateException("no address of " + address));
    }

    /** What runs now, if anything does. */
    public static Optional<Up> find(State state) throws IOException {
        return read(state.supervisor()).filter(up -> up.supervisor().find().isPresent());
    }

    /** Makes it known. */
    public void announce(State state) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("pid", String.valueOf(supervisor.pid()));
        properties.setProperty("birth", supervisor.birth());
        properties.setProperty("ready", String.valueOf(ready));
        addresses.forEach((name, uri) -> properties.setProperty(name.name(), uri.toString()));
        Path draft = state.directory().resolve("up.draft");
        Files.createDirectories(state.directory());
        try (Writer writer = Files.newBufferedWriter(draft)) {
            properties.store(writer, "The weft up that runs here.");
        }
        // At once: a reader sees the old file or the new one, never half of it.
        Files.move(draft, state.supervisor(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes it known that it is over. */
    public static void over(State state) {
        try {
            Files.deleteIfExists(state.supervisor());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Up> read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        Map<Address, URI> addresses = new EnumMap<>(Address.class);
        Arrays.stream(Address.values())
                .filter(name -> properties.containsKey(name.name()))
                .forEach(
                        name ->
                                addresses.put(
                                        name, URI.create(properties.getProperty(name.name()))));
        ProcessId supervisor =
                new ProcessId(
                        Long.parseLong(properties.getProperty("pid")),
                        properties.getProperty("birth"));
        return Optional.of(
                new Up(
                        supervisor,
                        Boolean.parseBoolean(properties.getProperty("ready")),
                        addresses));
    }
}
