// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Files with secrets, which nobody but their owner can read from the moment they are there. */
final class PrivateFiles {

    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private PrivateFiles() {}

    /** A new secret. */
    static String secret() {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** Makes an empty file, and its directory if that is missing. */
    static void create(Path file) throws IOException {
        Files.createDirectories(file.getParent(), PRIVATE_DIRECTORY);
        Files.createFile(file, PRIVATE);
    }
}
