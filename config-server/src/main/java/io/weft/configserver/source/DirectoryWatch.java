// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when something has changed in some directories and it has become quiet there. What changed
 * is not asked: whoever is told looks for himself, so a lost or overflown event costs nothing.
 */
public final class DirectoryWatch implements AutoCloseable {

    /** No event for so long means that a writer is done. */
    static final Duration QUIET = Duration.ofMillis(25);

    /** Where it never becomes quiet, this is the time between two looks. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(DirectoryWatch.class);

    private final WatchService service;

    /** By the identity of the directory: another one may take its place under the same name. */
    private final Map<Object, WatchKey> keys = new HashMap<>();

    private final Runnable changed;
    private final Thread thread;
    private boolean warned;

    /**
     * @param changed called on a thread of the watch's own
     */
    public DirectoryWatch(Runnable changed) throws IOException {
        this.service = FileSystems.getDefault().newWatchService();
        this.changed = changed;
        this.thread = Thread.ofPlatform().name("policy-watch").daemon().start(this::run);
    }

    /**
     * Watches these directories and no others.
     *
     * @return whether one was not watched before, so that changes up to now may have been missed
     */
    public synchronized boolean watch(Set<Path> directories) {
        var byIdentity = new HashMap<Object, Path>();
        directories.forEach(each -> identity(each).ifPresent(id -> byIdentity.put(id, each)));
        keys.entrySet().removeIf(each -> isObsolete(each.getKey(), each.getValue(), byIdentity));
        boolean added = false;
        for (Map.Entry<Object, Path> each : byIdentity.entrySet()) {
            if (!keys.containsKey(each.getKey())) {
                WatchKey key = register(each.getValue());
                if (key != null) {
                    keys.put(each.getKey(), key);
                    added = true;
                }
            }
        }
        return added;
    }

    private static Optional<Object> identity(Path directory) {
        try {
            Object key = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
            return Optional.of(key == null ? directory : key);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isObsolete(Object identity, WatchKey key, Map<Object, Path> wanted) {
        boolean obsolete = !wanted.containsKey(identity) || !key.isValid();
        if (obsolete) {
            key.cancel();
        }
        return obsolete;
    }

    private @Nullable WatchKey register(Path directory) {
        try {
            return directory.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            if (!warned) {
                log.warn(
                        "Cannot watch {} ({}); changes are found by looking through it from time"
                                + " to time",
                        directory,
                        e.getMessage());
                warned = true;
            }
            return null;
        }
    }

    private void run() {
        try {
            while (true) {
                forget(service.take());
                awaitQuiet();
                changed.run();
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            log.debug("Watching ended");
        }
    }

    private void awaitQuiet() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            WatchKey key = service.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS);
            if (key == null) {
                return;
            }
            forget(key);
        }
    }

    private static void forget(WatchKey key) {
        key.pollEvents();
        key.reset();
    }

    @Override
    public void close() throws IOException {
        service.close();
        thread.interrupt();
    }
}
