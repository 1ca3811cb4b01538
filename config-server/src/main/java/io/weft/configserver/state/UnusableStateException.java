// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.state;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The directory for state cannot be used, so nothing could be promised to survive a restart. */
public final class UnusableStateException extends RuntimeException {

    private final Path directory;

    UnusableStateException(Path directory, String why, @Nullable Throwable cause) {
        super("state directory " + directory + " cannot be used: " + why, cause);
        this.directory = directory;
    }

    public Path directory() {
        return directory;
    }
}
