// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Everything that goes over this machine's loopback by TCP, taken by tcpdump in the format of
 * libpcap.
 */
final class Capture implements AutoCloseable {

    private static final int MAGIC = 0xa1b2c3d4;
    private static final int FILE_HEADER = 24;
    private static final int PACKET_HEADER = 16;
    private static final int LINK_TYPE = 20;
    private static final int ETHERNET = 1;
    private static final int ETHERNET_HEADER = 14;
    private static final int IPV4 = 4;
    private static final int SYN = 2;

    private final Process tcpdump;
    private final Path file;
    private final Path words;

    private Capture(Process tcpdump, Path file, Path words) {
        this.tcpdump = tcpdump;
        this.file = file;
        this.words = words;
    }

    /** Begins; what is sent after this returns is taken. */
    static Capture start(Path directory) throws IOException {
        Path file = directory.resolve("loopback.pcap");
        Path words = directory.resolve("tcpdump.log");
        Process tcpdump =
                new ProcessBuilder(
                                "tcpdump",
                                "-i",
                                "lo",
                                "-s",
                                "0",
                                "-B",
                                "16384",
                                "--immediate-mode",
                                "-U",
                                "-w",
                                "-",
                                "tcp")
                        .redirectOutput(file.toFile())
                        .redirectError(words.toFile())
                        .start();
        var capture = new Capture(tcpdump, file, words);
        // It writes the file's header when it has begun.
        if (!Stack.await(Stack.PATIENCE, () -> size(file) >= FILE_HEADER || !tcpdump.isAlive())
                || !tcpdump.isAlive()) {
            throw new IOException("tcpdump does not begin: " + Files.readString(words));
        }
        return capture;
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    /**
     * One direction of a connection.
     *
     * @param bytes what was sent, in order
     * @param whole whether nothing before the last byte is missing
     */
    record Stream(int from, int to, byte[] bytes, boolean whole) {}

    /**
     * Ends, and says what was sent in each direction of each connection.
     *
     * @param last what was sent in clear after all that matters: packets are written a little later
     *     than they are sent, and those that are not when tcpdump ends never
     */
    List<Stream> stop(String last) throws IOException, InterruptedException {
        if (!Stack.await(Stack.PATIENCE, () -> has(last))) {
            throw new IOException("tcpdump does not write what was sent last");
        }
        tcpdump.destroy();
        if (!tcpdump.waitFor(Stack.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("tcpdump does not end");
        }
        return streams(ByteBuffer.wrap(Files.readAllBytes(file)));
    }

    private boolean has(String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What tcpdump said about packets that it lost. */
    String lost() throws IOException {
        return Files.readString(words)
                .lines()
                .filter(line -> line.endsWith("dropped by kernel"))
                .findFirst()
                .orElse("unknown");
    }

    private static List<Stream> streams(ByteBuffer in) throws IOException {
        in.order(in.getInt(0) == MAGIC ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        if (in.getInt(0) != MAGIC || in.getInt(LINK_TYPE) != ETHERNET) {
            throw new IOException("not a capture of Ethernet in the format of libpcap");
        }
        var directions = new LinkedHashMap<Ends, Direction>();
        int at = FILE_HEADER;
        while (at + PACKET_HEADER <= in.limit()) {
            int length = in.getInt(at + 8);
            if (at + PACKET_HEADER + length > in.limit()) {
                break;
            }
            packet(in.slice(at + PACKET_HEADER, length), directions);
            at += PACKET_HEADER + length;
        }
        return directions.entrySet().stream()
                .map(each -> each.getValue().stream(each.getKey()))
                .toList();
    }

    /** A port may be used again later: the number of the first byte tells connections apart. */
    private record Ends(int from, int to, int begin) {}

    private static void packet(ByteBuffer frame, Map<Ends, Direction> directions) {
        ByteBuffer ip = frame.slice(ETHERNET_HEADER, frame.limit() - ETHERNET_HEADER);
        if ((ip.get(0) >> 4) != IPV4) {
            return;
        }
        int header = (ip.get(0) & 0xf) * 4;
        int length = Math.min(ip.getShort(2) & 0xffff, ip.limit());
        ByteBuffer tcp = ip.slice(header, length - header);
        int from = tcp.getShort(0) & 0xffff;
        int to = tcp.getShort(2) & 0xffff;
        int sequence = tcp.getInt(4);
        int data = ((tcp.get(12) >> 4) & 0xf) * 4;
        if ((tcp.get(13) & SYN) != 0) {
            directions.put(new Ends(from, to, sequence + 1), new Direction(sequence + 1));
        } else if (tcp.limit() > data) {
            byte[] payload = new byte[tcp.limit() - data];
            tcp.get(data, payload);
            newest(directions, from, to).add(sequence, payload);
        }
    }

    private static Direction newest(Map<Ends, Direction> directions, int from, int to) {
        Direction newest = null;
        for (var each : directions.entrySet()) {
            if (each.getKey().from() == from && each.getKey().to() == to) {
                newest = each.getValue();
            }
        }
        // Begun before the capture: nothing is known of its beginning.
        return newest == null ? new Direction(0) : newest;
    }

    /** Puts segments into order; a segment sent twice counts once. */
    private static final class Direction {

        private final int begin;
        private final TreeMap<Long, byte[]> segments = new TreeMap<>();

        Direction(int begin) {
            this.begin = begin;
        }

        void add(int sequence, byte[] payload) {
            segments.merge(
                    Integer.toUnsignedLong(sequence - begin),
                    payload,
                    (one, other) -> one.length >= other.length ? one : other);
        }

        Stream stream(Ends ends) {
            var bytes = new ByteArrayOutputStream();
            boolean whole = true;
            for (var each : segments.entrySet()) {
                int known = (int) (bytes.size() - each.getKey());
                if (known < 0) {
                    whole = false;
                    break;
                }
                byte[] payload = each.getValue();
                if (known < payload.length) {
                    bytes.write(payload, known, payload.length - known);
                }
            }
            return new Stream(ends.from(), ends.to(), bytes.toByteArray(), whole);
        }
    }

    @Override
    public void close() {
        tcpdump.destroyForcibly();
    }
}
