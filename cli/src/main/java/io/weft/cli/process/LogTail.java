// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads what has come to a log since the last look; begins again when the log does. */
public final class LogTail {

    private final Path log;
    private long position;

    /**
     * @param position where to begin, in bytes
     */
    public LogTail(Path log, long position) {
        this.log = log;
        this.position = position;
    }

    /** What is new, which may end in the middle of a line; empty if there is no log. */
    public byte[] read() throws IOException {
        if (!Files.exists(log)) {
            return new byte[0];
        }
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < position) {
                position = 0;
            }
            ByteBuffer news =
                    ByteBuffer.allocate(Math.toIntExact(Math.min(size - position, 1 << 20)));
            position += Math.max(0, channel.read(news, position));
            byte[] bytes = new byte[news.position()];
            news.flip().get(bytes);
            return bytes;
        }
    }
}
