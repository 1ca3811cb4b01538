// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Held by the one {@code weft up} of a directory for as long as it lives. The operating system
 * takes it back when the process ends, however that happens.
 */
public final class Lock implements AutoCloseable {

    private final FileChannel channel;

    private Lock(FileChannel channel) {
        this.channel = channel;
    }

    /** The lock, unless another process has it. */
    public static Optional<Lock> take(State state) throws IOException {
        Files.createDirectories(state.directory());
        FileChannel channel =
                FileChannel.open(state.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (locked(channel)) {
            return Optional.of(new Lock(channel));
        }
        channel.close();
        return Optional.empty();
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException inThisJvm) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
