// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The directory for state, this user's alone (0700) and held by one auth service at a time. */
public final class StateDirectory implements AutoCloseable {

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
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            FileChannel lockFile =
                    FileChannel.open(
                            directory.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!isLocked(lockFile)) {
                lockFile.close();
                throw new UnusableStateException(directory, "another auth service uses it", null);
            }
            return new StateDirectory(directory, lockFile);
        } catch (IOException e) {
            throw new UnusableStateException(directory, e.toString(), e);
        }
    }

    private static boolean isLocked(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** A file of this directory, whether it exists or not. */
    public PrivateFile file(String name) {
        return new PrivateFile(path.resolve(name));
    }

    public Path path() {
        return path;
    }

    /** Lets go of the directory. */
    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
