// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The list of running processes on disk, a file each, for other JVMs: those that ask what is
 * running, and those that clean up after one that was killed.
 */
public final class Roster {

    private static final String SUFFIX = ".pid";

    private final Path directory;

    /**
     * Who a process is.
     *
     * @param rank processes of higher rank are ended before those of lower rank
     * @param ready answers 200 when the process does its work, if there is such an address
     */
    public record Member(String name, int rank, Optional<URI> ready) {}

    /** A process on the list, which may have ended meanwhile. */
    public record Entry(Member member, ProcessId process) {

        public String name() {
            return member.name();
        }

        private int rank() {
            return member.rank();
        }
    }

    public Roster(Path directory) {
        this.directory = directory;
    }

    void add(Entry entry) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(
                file(entry.name()),
                "%d %s %d %s"
                        .formatted(
                                entry.process().pid(),
                                entry.process().birth(),
                                entry.rank(),
                                entry.member().ready().map(URI::toString).orElse("")));
    }

    void remove(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void clear() {
        entries().forEach(entry -> remove(entry.name()));
    }

    /** Everything on the list. */
    public List<Entry> entries() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.flatMap(file -> read(file).stream())
                    .sorted(Comparator.comparingInt(Entry::rank).thenComparing(Entry::name))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Ends what is left of a run whose supervisor was killed, higher ranks first.
     *
     * @return the names of those that were still running
     */
    public List<String> endAll() {
        NavigableMap<Integer, List<Entry>> running =
                entries().stream()
                        .filter(entry -> entry.process().find().isPresent())
                        .collect(
                                Collectors.groupingBy(
                                        Entry::rank, TreeMap::new, Collectors.toList()));
        running.descendingMap().values().forEach(Roster::end);
        clear();
        return running.values().stream().flatMap(List::stream).map(Entry::name).toList();
    }

    private static void end(List<Entry> entries) {
        Ending.of(
                entries.stream().flatMap(entry -> entry.process().find().stream()).toList(),
                Children.GRACE);
    }

    private Path file(String name) {
        return directory.resolve(name + SUFFIX);
    }

    /** Nothing if the file is not one of ours, half written, or gone by now. */
    private static Optional<Entry> read(Path file) {
        String name = file.getFileName().toString();
        if (!name.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        try {
            String[] words = Files.readString(file).strip().split(" ", 4);
            ProcessId process = new ProcessId(Long.parseLong(words[0]), words[1]);
            Member member =
                    new Member(
                            name.substring(0, name.length() - SUFFIX.length()),
                            Integer.parseInt(words[2]),
                            words.length > 3
                                    ? Optional.of(URI.create(words[3]))
                                    : Optional.empty());
            return Optional.of(new Entry(member, process));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
