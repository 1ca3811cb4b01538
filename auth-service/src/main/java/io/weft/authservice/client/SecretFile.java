// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A file with the secret of one client. */
public final class SecretFile {

    private static final int SHORTEST = 32;

    private SecretFile() {}

    /**
     * The secret in the file.
     *
     * @throws IllegalArgumentException when it is short enough to be guessed
     */
    public static String read(Path file) {
        try {
            String secret = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (secret.length() < SHORTEST) {
                throw new IllegalArgumentException(
                        "secret in "
                                + file
                                + ": "
                                + secret.length()
                                + " characters (expected: at least "
                                + SHORTEST
                                + ")");
            }
            return secret;
        } catch (IOException e) {
            throw new UncheckedIOException("secret of a client: " + file, e);
        }
    }

    /** The secret in the file; where there is none, a new one, in a file of mode 0600. */
    public static String readOrMake(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Path fresh =
                        Files.createTempFile(
                                file.toAbsolutePath().getParent(),
                                ".secret",
                                "",
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rw-------")));
                Files.writeString(fresh, SecretHash.newSecret() + "\n");
                Files.move(fresh, file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("secret of a client: " + file, e);
        }
        return read(file);
    }
}
