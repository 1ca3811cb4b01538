// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.audit;

import java.nio.file.Path;

/** A line of the log is not what was written. */
public final class DamagedAuditException extends RuntimeException {

    private final Path file;

    DamagedAuditException(Path file, long line, String why) {
        super(file + ", line " + line + ": " + why);
        this.file = file;
    }

    public Path file() {
        return file;
    }
}
