// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One file of the log, mode 0600, written only at its end. */
final class Segment implements AutoCloseable {

    private static final FileAttribute<Set<PosixFilePermission>> MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final Set<StandardOpenOption> WRITE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);

    private final FileChannel channel;
    private long end;

    private Segment(FileChannel channel, long end) {
        this.channel = channel;
        this.end = end;
    }

    /** Opens a file to be continued after its last whole line; what follows that is cut. */
    static Segment open(Path file, long end) throws IOException {
        FileChannel channel = FileChannel.open(file, WRITE, MODE);
        if (channel.size() > end) {
            channel.truncate(end);
            channel.force(true);
        }
        try (FileChannel directory =
                FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
        return new Segment(channel, end);
    }

    long size() {
        return end;
    }

    /** Writes without yet making sure; if it fails, the file ends where it ended. */
    void write(byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        try {
            long at = end;
            while (rest.hasRemaining()) {
                at += channel.write(rest, at);
            }
            end = at;
        } catch (IOException e) {
            channel.truncate(end);
            throw e;
        }
    }

    void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    interface Lines {
        /** A line without its end, and where the next one begins. */
        void line(String line, long next);
    }

    /** Reads the whole lines of a file; what stands after the last line's end is no line. */
    static void read(Path file, Lines lines) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            var line = new ByteArrayOutputStream(512);
            long at = 0;
            for (int next = in.read(); next >= 0; next = in.read()) {
                at++;
                if (next == '\n') {
                    lines.line(line.toString(StandardCharsets.UTF_8), at);
                    line.reset();
                } else {
                    line.write(next);
                }
            }
        }
    }

    /** Number of a file by its name, or null if it is none of the log's. */
    static @Nullable Integer number(Path file) {
        String name = file.getFileName().toString();
        return name.matches("\\d{6}\\.log") ? Integer.valueOf(name.substring(0, 6)) : null;
    }

    static Path file(Path directory, int number) {
        return directory.resolve("%06d.log".formatted(number));
    }
}
