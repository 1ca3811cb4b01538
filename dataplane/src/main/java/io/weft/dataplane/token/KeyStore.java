// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good keys of one issuer on disk, as they were published; the file's time says when. A
 * disk that fails costs the copy and nothing else.
 */
final class KeyStore {

    private static final Logger LOG = LoggerFactory.getLogger(KeyStore.class);

    private final Path file;
    private boolean failing;

    KeyStore(Path directory, URI issuer) {
        this.file = directory.resolve("keys-" + name(issuer) + ".json");
    }

    private static String name(URI issuer) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(issuer.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * @param at when they were fetched
     */
    record Kept(KeySet keys, Instant at) {}

    Optional<Kept> load() {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return Optional.of(
                    new Kept(KeySet.parse(bytes), Files.getLastModifiedTime(file).toInstant()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | ParseException e) {
            LOG.warn("{} cannot be read, starting without it: {}", file, e.toString());
            return Optional.empty();
        }
    }

    /** Replaces the copy; a crash leaves the old one or the new one. */
    void save(Kept kept) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(fresh, kept.keys().text());
            Files.setLastModifiedTime(fresh, FileTime.from(kept.at()));
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("keys cannot be kept in {}: {}", file, e.toString());
            }
            failing = true;
        }
    }
}
