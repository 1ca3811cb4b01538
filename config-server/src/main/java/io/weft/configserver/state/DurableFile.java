// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.List;
import java.util.Set;

/**
 * A file of lines that is replaced as a whole: after a crash it holds what it held before or what
 * it was to hold, never a mix and never nothing.
 */
public final class DurableFile {

    private static final Set<StandardOpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final Path path;
    private final FileAttribute<?>[] attributes;

    /**
     * @param attributes which the file has from its first moment
     */
    public DurableFile(Path path, FileAttribute<?>... attributes) {
        this.path = path;
        this.attributes = attributes.clone();
    }

    /** Its lines; none if it does not exist. */
    public List<String> read() throws IOException {
        try {
            return Files.readAllLines(path);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Replaces the content and returns when it is on the disk. */
    public void write(List<String> lines) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(fresh, NEW, attributes)) {
            for (String line : lines) {
                writeFully(channel, ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
                writeFully(channel, ByteBuffer.wrap(new byte[] {'\n'}));
            }
            channel.force(true);
        }
        Files.move(
                fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory();
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Without this a crash of the machine could take the renaming back. */
    private void forceDirectory() throws IOException {
        try (FileChannel directory =
                FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** Moves a file that cannot be understood out of the way, for people to look at. */
    public Path setAside() {
        Path aside = path.resolveSibling(path.getFileName() + ".damaged");
        try {
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return aside;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
