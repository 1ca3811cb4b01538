// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import io.weft.conformance.proxy.ProcessFigures;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/**
 * A gibibyte up to a service that reads slowly, and a gibibyte down to a client that does, through
 * edge and agent: every byte arrives, and neither process holds more of it than a few buffers.
 */
final class LargeBodiesDrill implements Drill {

    private static final long BYTES = 1L << 30;
    private static final long BYTES_PER_SECOND = 100L << 20;
    private static final int BLOCK = 64 * 1024;
    private static final long MOST_GROWTH = 48L << 20;

    @Override
    public boolean run(Path root) throws Exception {
        var findings = new Findings("large-bodies: 1 GiB each way, the reader taking 100 MiB/s");
        try (var stack = new Stack(root)) {
            stack.policy(OrdersPolicy.FILE, OrdersPolicy.weights(100, 0));
            stack.startControlPlane();
            stack.startInstance("orders", "v1", "orders-v1");
            stack.startEdge();
            // What the processes need for this at all is not what grows with the body.
            download(stack, 64L << 20);
            upload(stack, 64L << 20);
            var memory = new Memory(stack);
            memory.watch();
            boolean down = download(stack, BYTES);
            findings.check("download: every byte as it was sent", down ? "yes" : "no", "yes", down);
            boolean up = upload(stack, BYTES);
            findings.check("upload: every byte as it was sent", up ? "yes" : "no", "yes", up);
            memory.report(findings);
        }
        return findings.end();
    }

    private static boolean download(Stack stack, long bytes) throws IOException {
        try (var socket = new Socket(stack.edge().getAddress(), stack.edge().getPort())) {
            socket.setReceiveBufferSize(BLOCK);
            send(socket.getOutputStream(), "GET /download/" + bytes + " HTTP/1.1", "");
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BLOCK));
            readHead(in);
            var checksum = new CRC32C();
            byte[] block = new byte[BLOCK];
            long start = System.nanoTime();
            for (long at = 0; at < bytes; ) {
                int n = in.read(block, 0, (int) Math.min(BLOCK, bytes - at));
                if (n < 0) {
                    throw new IOException("cut after " + at + " bytes");
                }
                checksum.update(block, 0, n);
                at += n;
                DrillApp.pace(start, at, BYTES_PER_SECOND);
            }
            return checksum.getValue() == Pattern.checksum(bytes, BLOCK);
        }
    }

    private static boolean upload(Stack stack, long bytes) throws IOException {
        try (var socket = new Socket(stack.edge().getAddress(), stack.edge().getPort())) {
            OutputStream out = socket.getOutputStream();
            send(
                    out,
                    "POST /upload/" + BYTES_PER_SECOND + " HTTP/1.1",
                    "Content-Length: " + bytes + "\r\n");
            for (long at = 0; at < bytes; at += BLOCK) {
                out.write(Pattern.block(at, (int) Math.min(BLOCK, bytes - at)));
            }
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            int length = readHead(in);
            String answer = new String(in.readNBytes(length), StandardCharsets.US_ASCII);
            return answer.equals(bytes + " " + Pattern.checksum(bytes, BLOCK));
        }
    }

    private static void send(OutputStream out, String requestLine, String fields)
            throws IOException {
        String head = requestLine + "\r\nHost: shop.example\r\n" + fields + "\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads a head that must be a 200; returns the length of what follows. */
    private static int readHead(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("no answer: " + head);
            }
            head.append((char) b);
        }
        if (!head.toString().startsWith("HTTP/1.1 200 ")) {
            throw new IOException("unexpected answer: " + head);
        }
        for (String line : head.toString().split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return (int)
                        Math.min(Integer.MAX_VALUE, Long.parseLong(line.substring(15).strip()));
            }
        }
        return 0;
    }

    /** Watches what two processes use. */
    private static final class Memory {
        private static final List<String> PROCESSES = List.of("edge", "orders-v1");

        private final long[] before = new long[PROCESSES.size()];
        private final AtomicLong[] most = {new AtomicLong(), new AtomicLong()};
        private final Stack stack;
        private final AtomicBoolean watching = new AtomicBoolean(true);
        private final Thread watcher = Thread.ofPlatform().daemon().unstarted(this::look);

        private Memory(Stack stack) {
            this.stack = stack;
        }

        private void watch() throws IOException {
            for (int i = 0; i < before.length; i++) {
                before[i] = resident(i);
            }
            watcher.start();
        }

        private void look() {
            while (watching.get()) {
                for (int i = 0; i < before.length; i++) {
                    try {
                        long now = resident(i);
                        most[i].accumulateAndGet(now, Math::max);
                    } catch (IOException e) {
                        return;
                    }
                }
                Stack.await(Duration.ofMillis(100), () -> !watching.get());
            }
        }

        private long resident(int process) throws IOException {
            return ProcessFigures.of(stack.pid(PROCESSES.get(process)), 0).residentBytes();
        }

        private void report(Findings findings) throws InterruptedException {
            watching.set(false);
            watcher.join();
            for (int i = 0; i < before.length; i++) {
                long growth = most[i].get() - before[i];
                findings.check(
                        PROCESSES.get(i) + ": resident memory before, and most growth since",
                        "%d MiB, +%d MiB".formatted(before[i] >> 20, growth >> 20),
                        "at most +" + (MOST_GROWTH >> 20) + " MiB",
                        growth <= MOST_GROWTH);
            }
        }
    }
}
