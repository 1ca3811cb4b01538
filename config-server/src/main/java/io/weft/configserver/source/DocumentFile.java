// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import io.weft.policy.compile.PolicyText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that was read, and by what to tell that it needs no reading again.
 *
 * @param signature null when the text must be read again in any case
 */
record DocumentFile(PolicyText text, @Nullable Signature signature, boolean isDoubted) {

    /** File systems stamp modifications no finer than some milliseconds. */
    private static final long RACY_MILLIS = 50;

    /** A file that changes while it is read is read this often before it is taken as it is. */
    private static final int ATTEMPTS = 3;

    record Signature(FileTime modified, long size, @Nullable Object file) {
        static Signature of(BasicFileAttributes attributes) {
            return new Signature(
                    attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }

    /** Reads a file; its text says so when that is not allowed. */
    static DocumentFile read(Path path, String name) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Signature before = stat(path);
            if (before.size() > DocumentBytes.MAX_BYTES) {
                return new DocumentFile(DocumentBytes.tooLarge(name, before.size()), before, false);
            }
            PolicyText text = text(path, name);
            if (before.equals(stat(path))) {
                return new DocumentFile(text, isRacy(before) ? null : before, false);
            }
            if (attempt == ATTEMPTS) {
                return new DocumentFile(text, null, false);
            }
        }
    }

    private static Signature stat(Path path) throws IOException {
        return Signature.of(Files.readAttributes(path, BasicFileAttributes.class));
    }

    private static PolicyText text(Path path, String name) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(DocumentBytes.MAX_BYTES + 1);
            return bytes.length > DocumentBytes.MAX_BYTES
                    ? DocumentBytes.tooLarge(name, bytes.length)
                    : DocumentBytes.decode(name, bytes);
        } catch (AccessDeniedException e) {
            return PolicyText.unreadable(name, "not permitted to read");
        }
    }

    private static boolean isRacy(Signature signature) {
        return System.currentTimeMillis() - signature.modified().toMillis() < RACY_MILLIS;
    }

    boolean isUnchanged(BasicFileAttributes attributes) {
        return Objects.equals(signature, Signature.of(attributes));
    }

    boolean isBlank() {
        return text.unreadable() == null && text.text().isBlank();
    }

    /** The same text, not to be relied on. */
    DocumentFile toBeReadAgain() {
        return new DocumentFile(text, null, true);
    }
}
