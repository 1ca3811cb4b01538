// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.process;

import io.weft.cli.process.Roster.Entry;
import io.weft.cli.process.Roster.Member;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;

/**
 * All processes that were started from here. None of them stays when this is closed, when this JVM
 * ends, or when it is killed; what was killed along with the watchdog is found by the roster.
 */
public final class Children implements AutoCloseable {

    /** How long a process may take to end before it is forced. */
    static final Duration GRACE = Duration.ofSeconds(8);

    private final Roster roster;
    private final Watchdog watchdog;
    private final NavigableMap<Integer, List<ProcessHandle>> byRank = new TreeMap<>();
    private final List<ProcessHandle> disposable = new ArrayList<>();
    private final Set<String> members = new HashSet<>();
    private volatile boolean closed;

    public Children(Roster roster) throws IOException {
        this.roster = roster;
        this.watchdog = Watchdog.start();
    }

    /**
     * Starts a process.
     *
     * @throws CancellationException if this has been closed
     */
    public synchronized Process spawn(Member member, Startable command) throws IOException {
        if (closed) {
            throw new CancellationException("stopping");
        }
        Process process = command.start();
        byRank.computeIfAbsent(member.rank(), r -> new ArrayList<>()).add(process.toHandle());
        watchdog.watch(process.toHandle());
        members.add(member.name());
        roster.add(new Entry(member, ProcessId.of(process.toHandle())));
        process.onExit().thenAccept(gone -> forget(member.name(), gone));
        return process;
    }

    /**
     * Starts a process that nobody needs: it is not listed, and killed as soon as this is closed.
     *
     * @throws CancellationException if this has been closed
     */
    public synchronized Process spawnDisposable(Startable command) throws IOException {
        if (closed) {
            throw new CancellationException("stopping");
        }
        Process process = command.start();
        disposable.add(process.toHandle());
        watchdog.watch(process.toHandle());
        process.onExit().thenAccept(gone -> watchdog.forget(gone.toHandle()));
        return process;
    }

    /** Whether no more processes are started, because all are being ended or have ended. */
    public boolean closed() {
        return closed;
    }

    /** Ends all, rank by rank. A second call waits for the first. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        disposable.forEach(Children::kill);
        byRank.descendingMap().values().forEach(rank -> Ending.of(rank, GRACE));
        members.forEach(roster::remove);
        watchdog.close();
    }

    private static void kill(ProcessHandle process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void forget(String name, Process process) {
        watchdog.forget(process.toHandle());
        roster.remove(name);
    }
}
