// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What workloads of this mesh prove themselves with before they have a certificate: a secret for
 * each, made when it is first asked for. The auth service reads one file with all of them, each
 * workload one with its own; nobody else can read either.
 */
final class EnrolmentSecrets {

    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;

    EnrolmentSecrets(Path directory) {
        this.directory = directory;
    }

    /** The file with all of them, as lines {@code workload=secret}. */
    Path all() {
        return directory.resolve("workloads");
    }

    /** The file with the secret of a workload. */
    synchronized Path of(String workload) throws IOException {
        Path file = directory.resolve("workload-" + workload);
        if (!Files.exists(file)) {
            Files.createDirectories(directory, PRIVATE_DIRECTORY);
            byte[] random = new byte[BYTES];
            RANDOM.nextBytes(random);
            String secret = HexFormat.of().formatHex(random);
            if (!Files.exists(all())) {
                Files.createFile(all(), PRIVATE);
            }
            Files.writeString(all(), workload + "=" + secret + "\n", StandardOpenOption.APPEND);
            Files.createFile(file, PRIVATE);
            Files.writeString(file, secret + "\n");
        }
        return file;
    }
}
