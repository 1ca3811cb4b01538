// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.build;

import java.nio.file.Path;

/** Maven did not do what it was asked for; the message is the first thing it complained about. */
public final class BuildFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Path log;

    BuildFailed(String message, Path log) {
        super(message);
        this.log = log;
    }

    /** The whole story in one line. */
    public String line() {
        return String.valueOf(getMessage());
    }

    /** All that Maven said. */
    public Path log() {
        return log;
    }
}
