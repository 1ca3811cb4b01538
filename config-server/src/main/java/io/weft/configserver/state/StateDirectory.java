// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The directory for state, held by one control plane at a time. */
public final class StateDirectory implements AutoCloseable {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private final FileChannel lockFile;

    private StateDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Creates the directory if need be and takes hold of it.
     *
     * @throws UnusableStateException when it cannot be written or another process holds it
     */
    public static StateDirectory open(Path path) {
        Path directory = path.toAbsolutePath().normalize();
        try {
            Files.createDirectories(directory);
            FileChannel lockFile =
                    FileChannel.open(
                            directory.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!isLocked(lockFile)) {
                lockFile.close();
                throw new UnusableStateException(directory, "another control plane uses it", null);
            }
            return new StateDirectory(directory, lockFile);
        } catch (IOException e) {
            throw new UnusableStateException(directory, e.toString(), e);
        }
    }

    private static boolean isLocked(FileChannel lockFile) throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    public DurableFile file(String name) {
        return new DurableFile(path.resolve(name));
    }

    /** A file that only its owner can read. */
    public DurableFile privateFile(String name) {
        return new DurableFile(path.resolve(name), OWNER_ONLY);
    }

    /** Lets go of the directory. */
    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
