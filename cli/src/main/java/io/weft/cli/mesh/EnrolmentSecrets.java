// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What workloads of this mesh prove themselves with before they have a certificate: a secret for
 * each, made when it is first asked for. The auth service reads one file with all of them, each
 * workload one with its own; nobody else can read either.
 */
final class EnrolmentSecrets {

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
            String secret = PrivateFiles.secret();
            if (!Files.exists(all())) {
                PrivateFiles.create(all());
            }
            Files.writeString(all(), workload + "=" + secret + "\n", StandardOpenOption.APPEND);
            PrivateFiles.create(file);
            Files.writeString(file, secret + "\n");
        }
        return file;
    }
}
