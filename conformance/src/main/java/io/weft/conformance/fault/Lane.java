// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a relayed connection. Reading and writing are two threads, so that latency
 * delays bytes without making the line narrower; at most 1 MiB is on the way.
 */
final class Lane {

    private static final int BLOCK = 16 * 1024;
    private static final int BLOCKS = 64;

    /** Paced writing goes in this many pieces per second. */
    private static final int PIECES = 50;

    /** Says what may pass. */
    interface Gate {

        /** How many of these bytes may pass. */
        int admit(int bytes) throws IOException;

        /** Whether the lane goes on now that they have. */
        boolean goesOn() throws IOException;
    }

    private sealed interface Parcel {}

    private static final class Block implements Parcel {

        private final byte[] bytes;
        private final long arrived = System.nanoTime();

        Block(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    private record End(@Nullable IOException failure) implements Parcel {}

    private final FaultSwitch faults;
    private final Gate gate;
    private final OutputStream out;
    private final BlockingQueue<Parcel> parcels = new ArrayBlockingQueue<>(BLOCKS);

    private Lane(FaultSwitch faults, Gate gate, OutputStream out) {
        this.faults = faults;
        this.gate = gate;
        this.out = out;
    }

    /** Returns when the source has ended or the gate ended the lane. */
    static void carry(Socket from, Socket to, FaultSwitch faults, Gate gate)
            throws IOException, InterruptedException {
        Lane lane = new Lane(faults, gate, to.getOutputStream());
        InputStream in = from.getInputStream();
        Thread reader = Thread.ofVirtual().start(() -> lane.collect(in));
        try {
            lane.deliver();
        } finally {
            reader.interrupt();
        }
    }

    private void collect(InputStream in) {
        try {
            parcels.put(new End(collectBlocks(in)));
        } catch (InterruptedException _) {
            // The writing side has ended: nobody waits for more.
        }
    }

    private @Nullable IOException collectBlocks(InputStream in) throws InterruptedException {
        try {
            byte[] block = new byte[BLOCK];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                parcels.put(new Block(Arrays.copyOf(block, n)));
            }
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private void deliver() throws IOException, InterruptedException {
        boolean open = true;
        while (open) {
            Parcel parcel = parcels.take();
            faults.awaitPassage();
            open =
                    switch (parcel) {
                        case Block block -> write(block);
                        case End(IOException failure) -> end(failure);
                    };
        }
    }

    private static boolean end(@Nullable IOException failure) throws IOException {
        if (failure != null) {
            throw failure;
        }
        return false;
    }

    private boolean write(Block block) throws IOException, InterruptedException {
        if (faults.current() instanceof Fault.Latency(var eachWay)) {
            sleepUntil(block.arrived + eachWay.toNanos());
        }
        int admitted = gate.admit(block.bytes.length);
        for (int at = 0; at < admitted; ) {
            int piece = admitted - at;
            if (faults.current() instanceof Fault.Bandwidth(long perSecond)) {
                piece = Math.clamp(perSecond / PIECES, 1, piece);
                sleepUntil(System.nanoTime() + piece * TimeUnit.SECONDS.toNanos(1) / perSecond);
            }
            out.write(block.bytes, at, piece);
            at += piece;
        }
        return gate.goesOn();
    }

    private static void sleepUntil(long time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time - System.nanoTime());
    }
}
