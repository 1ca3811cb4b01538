// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.supervise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A part did not come up, or did not stay. The message says which and how in one line. */
public final class PartFailed extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int LAST_WORDS = 5;

    private final transient Path log;

    private PartFailed(Part part, String what) {
        super(part.name() + " " + what);
        this.log = part.command().log();
    }

    static PartFailed ended(Part part, int exitCode, Duration after) {
        return new PartFailed(
                part,
                String.format(
                        Locale.ROOT,
                        "ended by itself after %.1f s with exit code %d",
                        after.toMillis() / 1000.0,
                        exitCode));
    }

    static PartFailed late(Part part, Duration patience, Probe.Answer last) {
        return new PartFailed(
                part, "is not ready after %d s (%s)".formatted(patience.toSeconds(), last));
    }

    static PartFailed notStarted(Part part, IOException cause) {
        return new PartFailed(part, "could not be started: " + cause.getMessage());
    }

    /** The whole story in one line. */
    public String line() {
        return String.valueOf(getMessage());
    }

    /** Where to read on. */
    public Path log() {
        return log;
    }

    /** The end of its log. */
    public List<String> lastWords() {
        try {
            List<String> lines =
                    Files.readString(log).lines().filter(line -> !line.isBlank()).toList();
            return lines.subList(Math.max(0, lines.size() - LAST_WORDS), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }
}
