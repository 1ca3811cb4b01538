// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.subscription;

import io.weft.dataplane.TestUpstream;
import io.weft.dataplane.Wire;
import io.weft.policy.feed.FeedCodec;
import io.weft.policy.feed.FeedMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A control plane that says what a test tells it to, and notes what it hears. */
final class TestFeed implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 10;

    private final TestUpstream server;
    private final BlockingQueue<Stream> streams = new LinkedBlockingQueue<>();
    private final List<Long> opened = new CopyOnWriteArrayList<>();

    private TestFeed(boolean refusing) throws IOException {
        server = TestUpstream.start((wire, _) -> serve(wire, refusing));
    }

    static TestFeed start() throws IOException {
        return new TestFeed(false);
    }

    /** Ends every stream as soon as it is open. */
    static TestFeed refusing() throws IOException {
        return new TestFeed(true);
    }

    private void serve(Wire wire, boolean refusing) throws IOException {
        wire.head();
        opened.add(System.nanoTime());
        if (refusing) {
            wire.write("HTTP/1.1 503 Not now\r\ncontent-length: 0\r\n\r\n");
            return;
        }
        wire.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        var stream = new Stream(wire, new LinkedBlockingQueue<>());
        streams.add(stream);
        stream.listen();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** When streams were opened, in {@link System#nanoTime()}. */
    List<Long> opened() {
        return opened;
    }

    /** The next stream that a proxy opens. */
    Stream next() throws InterruptedException {
        Stream stream = streams.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (stream == null) {
            throw new AssertionError("nobody came");
        }
        return stream;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** One stream, from its head on. */
    record Stream(Wire wire, BlockingQueue<FeedMessage.FromProxy> heard) {

        private void listen() throws IOException {
            var line = new StringBuilder();
            while (true) {
                int size = Integer.parseInt(wire.line(), 16);
                if (size == 0) {
                    return;
                }
                line.append(new String(wire.bytes(size), StandardCharsets.UTF_8));
                wire.bytes(2);
                int end = line.indexOf("\n");
                while (end >= 0) {
                    note(line.substring(0, end));
                    line.delete(0, end + 1);
                    end = line.indexOf("\n");
                }
            }
        }

        private void note(String line) {
            try {
                heard.add(FeedCodec.readFromProxy(line));
            } catch (FeedCodec.UnreadableMessageException e) {
                throw new AssertionError(line, e);
            }
        }

        void say(FeedMessage message) throws IOException {
            say(FeedCodec.write(message) + "\n");
        }

        void say(String text) throws IOException {
            wire.write(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
        }

        /** The next message of that type; others are passed over. */
        <T extends FeedMessage.FromProxy> T hear(Class<T> type) throws InterruptedException {
            while (true) {
                FeedMessage.FromProxy message = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (message == null) {
                    throw new AssertionError("no " + type.getSimpleName());
                }
                if (type.isInstance(message)) {
                    return type.cast(message);
                }
            }
        }
    }
}
