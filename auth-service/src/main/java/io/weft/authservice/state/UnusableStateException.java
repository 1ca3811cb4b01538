// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.state;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What is kept on disk cannot be used, so nothing could be promised to survive a restart. */
public final class UnusableStateException extends RuntimeException {

    private final Path path;

    public UnusableStateException(Path path, String why, @Nullable Throwable cause) {
        super(path + " cannot be used: " + why, cause);
        this.path = path;
    }

    /** The directory, or the file of it. */
    public Path path() {
        return path;
    }
}
