// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.subscription;

import io.weft.policy.feed.FeedCodec;
import io.weft.policy.feed.FeedMessage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good policy, endpoints and API keys, as hashes, on disk. A disk that fails costs the
 * copy and nothing else: it is reported, and the proxy goes on with what is in memory. A copy that
 * cannot be read is put aside, because the next good one would write over what somebody may want to
 * look at.
 */
final class SnapshotStore {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);

    private final Path file;
    private final Path apiKeys;
    private boolean failing;

    SnapshotStore(Path directory) {
        this.file = directory.resolve("policy.json");
        this.apiKeys = directory.resolve("api-keys.json");
    }

    Optional<FeedMessage.Snapshot> load() {
        try {
            String text = Files.readString(file).stripTrailing();
            if (FeedCodec.readFromControlPlane(text) instanceof FeedMessage.Snapshot snapshot) {
                if (snapshot.schema() <= FeedMessage.SCHEMA) {
                    return Optional.of(snapshot);
                }
                putAside(
                        file,
                        "schema " + snapshot.schema() + " (expected: " + FeedMessage.SCHEMA + ")");
            } else {
                putAside(file, "not a snapshot");
            }
        } catch (NoSuchFileException e) {
            LOG.info("no policy is kept in {} yet", file);
        } catch (CharacterCodingException | FeedCodec.UnreadableMessageException e) {
            putAside(file, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            LOG.warn("{} cannot be read, starting without it: {}", file, e.toString());
        }
        return Optional.empty();
    }

    /** The API keys; empty when none were ever heard of. */
    Optional<FeedMessage.ApiKeys> loadApiKeys() {
        try {
            String text = Files.readString(apiKeys).stripTrailing();
            if (FeedCodec.readFromControlPlane(text) instanceof FeedMessage.ApiKeys kept) {
                return Optional.of(kept);
            }
            putAside(apiKeys, "not API keys");
        } catch (NoSuchFileException e) {
            LOG.debug("no API keys are kept in {}", apiKeys);
        } catch (CharacterCodingException | FeedCodec.UnreadableMessageException e) {
            putAside(apiKeys, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            LOG.warn("{} cannot be read, starting without it: {}", apiKeys, e.toString());
        }
        return Optional.empty();
    }

    private void putAside(Path file, String why) {
        Path aside = file.resolveSibling(file.getFileName() + ".refused");
        String what = file.equals(apiKeys) ? "a list of API keys" : "a policy";
        LOG.warn("{} is not {} to start with ({}), put aside as {}", file, what, why, aside);
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("{} cannot be put aside: {}", file, e.toString());
        }
    }

    /** Replaces the copy; a crash leaves the old one or the new one. */
    void save(FeedMessage.Snapshot snapshot) {
        save(file, snapshot);
    }

    /** As {@link #save(FeedMessage.Snapshot)}. */
    void save(FeedMessage.ApiKeys keys) {
        save(apiKeys, keys);
    }

    private void save(Path file, FeedMessage message) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.getParent());
            Files.write(fresh, (FeedCodec.write(message) + "\n").getBytes(StandardCharsets.UTF_8));
            try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            if (failing) {
                LOG.info("policy is kept in {} again", file);
            }
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("policy cannot be kept in {}: {}", file, e.toString());
            }
            failing = true;
        }
    }
}
