// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.load;

import io.weft.conformance.load.AnswerParser.Malformed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One kept connection with at most one request outstanding. The pacing thread begins requests, the
 * reading thread does the rest; each entry takes the lock.
 */
final class Connection {

    /** What a connection tells its run. */
    interface Owner {

        void answered(Request request, AnswerParser answer);

        void failed(Request request, FailureKind kind, String sample);

        /** Bytes or an error that no request asked for. */
        void disturbed(String sample);

        void idle(Connection connection);

        void ended(Connection connection);
    }

    private final SocketChannel channel;
    private final Owner owner;
    private @Nullable SelectionKey key;
    private AnswerParser parser = new AnswerParser();
    private @Nullable Request current;
    private boolean reused;
    private boolean ended;

    Connection(SocketChannel channel, Owner owner) {
        this.channel = channel;
        this.owner = owner;
    }

    /** Watches the channel; called once, on the reading thread. */
    synchronized void watchedBy(SelectionKey key) {
        this.key = key;
        if (current != null && channel.isConnected()) {
            sendRest(current);
        }
    }

    /** Starts a request, or is false when the connection has ended meanwhile. */
    boolean begin(Request request) {
        synchronized (this) {
            if (ended) {
                return false;
            }
            current = request;
            parser = new AnswerParser();
            if (!channel.isConnected()) {
                return true;
            }
        }
        send(request);
        return true;
    }

    /** The selector found something to do. */
    synchronized void ready(ByteBuffer scratch) {
        if (ended || key == null || !key.isValid()) {
            return;
        }
        // Read once: each step may end the connection and cancel the key.
        int ready = key.readyOps();
        if ((ready & SelectionKey.OP_CONNECT) != 0) {
            connect();
        }
        if (current != null && (ready & SelectionKey.OP_WRITE) != 0) {
            sendRest(current);
        }
        if (!ended && (ready & SelectionKey.OP_READ) != 0) {
            receive(scratch);
        }
    }

    /** Gives up on a request that should have been answered by now. */
    synchronized void expire(long intendedBefore) {
        if (current != null && current.intended() - intendedBefore < 0) {
            fail(FailureKind.TIMEOUT, parser.started() ? "in the answer" : "before the answer");
        }
    }

    synchronized void close() {
        if (!ended) {
            ended = true;
            try {
                channel.close();
            } catch (IOException _) {
                // Nothing depends on how it ended.
            }
            owner.ended(this);
        }
    }

    private void connect() {
        try {
            channel.finishConnect();
            if (current != null) {
                sendRest(current);
            }
        } catch (IOException e) {
            fail(FailureKind.CONNECT, String.valueOf(e.getMessage()));
        }
    }

    /** Without the lock, as the answer may be there before the call returns. */
    private void send(Request request) {
        try {
            channel.write(request.unsent());
            if (request.unsent().hasRemaining()) {
                sendRest(request);
            }
        } catch (IOException e) {
            sendingFailed(request, e);
        }
    }

    private synchronized void sendRest(Request request) {
        try {
            if (current == request) {
                channel.write(request.unsent());
                watch(request.unsent().hasRemaining());
            } else {
                close();
            }
        } catch (IOException e) {
            sendingFailed(request, e);
        }
    }

    private synchronized void sendingFailed(Request request, IOException e) {
        if (current == request) {
            fail(FailureKind.RESET, "while sending: " + e.getMessage());
        }
    }

    private void watch(boolean writable) {
        int operations = SelectionKey.OP_READ | (writable ? SelectionKey.OP_WRITE : 0);
        if (key != null && key.interestOps() != operations) {
            key.interestOps(operations);
            key.selector().wakeup();
        }
    }

    private void receive(ByteBuffer scratch) {
        try {
            scratch.clear();
            if (channel.read(scratch) < 0) {
                endedByPeer();
            } else {
                take(scratch.flip());
            }
        } catch (IOException e) {
            fail(FailureKind.RESET, String.valueOf(e.getMessage()));
        } catch (Malformed e) {
            fail(FailureKind.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private void take(ByteBuffer bytes) throws Malformed {
        if (current == null) {
            owner.disturbed(bytes.remaining() + " bytes on an idle connection");
            close();
            return;
        }
        parser.take(bytes);
        if (parser.complete()) {
            complete(current, bytes.hasRemaining());
        }
    }

    private void complete(Request request, boolean moreThanTheAnswer) {
        current = null;
        owner.answered(request, parser);
        if (moreThanTheAnswer) {
            owner.disturbed("bytes after the answer");
        }
        if (moreThanTheAnswer || partlySent() || !parser.keepsConnection()) {
            close();
        } else {
            reused = true;
            owner.idle(this);
        }
    }

    private boolean partlySent() {
        return key != null && (key.interestOps() & SelectionKey.OP_WRITE) != 0;
    }

    private void endedByPeer() {
        Request request = current;
        if (request != null && parser.close()) {
            complete(request, false);
        } else {
            fail(FailureKind.CUT, parser.started() ? "in the answer" : "before the answer");
        }
    }

    private void fail(FailureKind kind, String sample) {
        Request request = current;
        current = null;
        if (request != null) {
            boolean gone = kind == FailureKind.CUT || kind == FailureKind.RESET;
            boolean stale = gone && reused && !parser.started();
            owner.failed(
                    request,
                    stale ? FailureKind.STALE : kind,
                    "request " + request.number() + ": " + sample);
        }
        close();
    }
}
