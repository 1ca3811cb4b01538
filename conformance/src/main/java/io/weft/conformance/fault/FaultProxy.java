// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.fault;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy on loopback between a real client and a real upstream, with one {@link Fault} at a
 * time, switchable while traffic flows.
 */
public final class FaultProxy implements AutoCloseable {

    private final InetSocketAddress upstream;
    private final FaultSwitch faults = new FaultSwitch();
    private final Set<Relay> relays = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong bytesToUpstream = new AtomicLong();
    private final Door door;

    private FaultProxy(InetSocketAddress listen, InetSocketAddress upstream) throws IOException {
        this.upstream = upstream;
        this.door = new Door(listen, this::admit);
    }

    /** A proxy on a free port, without a fault yet. */
    public static FaultProxy start(InetSocketAddress upstream) throws IOException {
        return start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), upstream);
    }

    public static FaultProxy start(InetSocketAddress listen, InetSocketAddress upstream)
            throws IOException {
        FaultProxy proxy = new FaultProxy(listen, upstream);
        proxy.door.open();
        return proxy;
    }

    public InetSocketAddress address() {
        return door.address();
    }

    /** How many connections it ever accepted. */
    public int accepted() {
        return accepted.get();
    }

    /** How many bytes of clients it ever passed on. */
    public long bytesToUpstream() {
        return bytesToUpstream.get();
    }

    /** Puts a fault in place of the one before; it holds when this returns. */
    public synchronized void become(Fault fault) throws IOException {
        faults.set(fault);
        if (fault instanceof Fault.Refuse) {
            door.lock();
        } else {
            door.open();
        }
        if (fault instanceof Fault.Reset) {
            relays.forEach(Relay::reset);
        }
        if (fault instanceof Fault.HalfOpen) {
            relays.forEach(Relay::vanish);
        }
    }

    /** Ends the fault. Connections that it ruined stay ruined. */
    public void heal() throws IOException {
        become(new Fault.None());
    }

    @Override
    public synchronized void close() throws IOException {
        door.close();
        relays.forEach(Relay::reset);
        faults.set(new Fault.None());
    }

    private void admit(Socket client) {
        accepted.incrementAndGet();
        Relay relay = new Relay(client, upstream, faults, bytesToUpstream);
        relays.add(relay);
        // Looked at after the relay is known: a reset that comes in between finds it.
        if (faults.current() instanceof Fault.Reset) {
            relay.reset();
        }
        if (faults.current() instanceof Fault.HalfOpen) {
            relay.vanish();
        }
        relay.run();
        relays.remove(relay);
    }

    /**
     * {@code FaultProxy LISTEN_PORT UPSTREAM_HOST:PORT}; then one fault per line of standard input,
     * until its end.
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: FaultProxy LISTEN_PORT UPSTREAM_HOST:PORT");
            System.exit(2);
        }
        int colon = args[1].lastIndexOf(':');
        InetSocketAddress upstream =
                new InetSocketAddress(
                        args[1].substring(0, colon),
                        Integer.parseInt(args[1].substring(colon + 1)));
        InetSocketAddress listen =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        try (FaultProxy proxy = start(listen, upstream)) {
            System.out.println("listening on " + proxy.address());
            obey(proxy);
        }
    }

    private static void obey(FaultProxy proxy) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            try {
                proxy.become(Fault.parse(line));
                System.out.println(line + ": in force");
            } catch (IllegalArgumentException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
