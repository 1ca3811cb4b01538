// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.audit;

import io.weft.authservice.state.StateDirectory;
import io.weft.authservice.state.UnusableStateException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was issued, line by line. An entry is on the disk when {@link #append} returns; those that
 * wait at the same time go there together, which is what makes it fast.
 *
 * <p>Each line vouches for all before it ({@link Chain}). Files are closed at 64 MiB and numbered;
 * the first line of each names the hash it goes on from, so that old ones can be taken away.
 */
public final class AuditLog implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String CONTINUES = "continues";
    private static final long SEGMENT_BYTES = 64L << 20;
    private static final int WAITING = 4_096;
    private static final int REMEMBERED = 1_000;

    private record Waiting(AuditEntry entry, CompletableFuture<Void> done) {}

    private final Path directory;
    private final Clock clock;
    private final long segmentBytes;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(WAITING);
    private final Deque<String> recent = new ArrayDeque<>();
    private final Thread writer;

    private Chain chain = new Chain(Chain.START);
    private int number;
    private Segment segment;
    private volatile @Nullable String failure;
    private volatile boolean broken;
    private volatile boolean closing;

    private AuditLog(Path directory, Clock clock, long segmentBytes) throws IOException {
        this.directory = directory;
        this.clock = clock;
        this.segmentBytes = segmentBytes;
        this.segment = restore();
        this.writer = Thread.ofPlatform().name("audit").daemon().unstarted(this::write);
    }

    /**
     * Checks what there is and goes on after it. A line whose writing was cut short by a crash was
     * never acknowledged: it is dropped with a warning.
     *
     * @throws DamagedAuditException when a line is not what was written
     * @throws UnusableStateException when it cannot be read or written
     */
    public static AuditLog open(StateDirectory state, Clock clock) {
        return open(state, clock, SEGMENT_BYTES);
    }

    static AuditLog open(StateDirectory state, Clock clock, long segmentBytes) {
        Path directory = state.path().resolve("issued");
        try {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            var log = new AuditLog(directory, clock, segmentBytes);
            log.writer.start();
            return log;
        } catch (IOException e) {
            throw new UnusableStateException(directory, e.toString(), e);
        }
    }

    private Segment restore() throws IOException {
        List<Path> files = files();
        long end = 0;
        for (Path file : files) {
            end = verify(file, file.equals(files.getFirst()));
            if (end < Files.size(file) && !file.equals(files.getLast())) {
                throw new DamagedAuditException(file, 0, "its last line has no end");
            }
        }
        if (files.isEmpty()) {
            return begun(1);
        }
        Path last = files.getLast();
        number = Objects.requireNonNull(Segment.number(last));
        if (end == 0) {
            return begun(number);
        }
        if (end < Files.size(last)) {
            log.warn(
                    "{}: {} bytes of a line that was never acknowledged are dropped",
                    last,
                    Files.size(last) - end);
        }
        return Segment.open(last, end);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> Segment.number(file) != null).sorted().toList();
        }
    }

    /** Where the last whole line ends. */
    private long verify(Path file, boolean oldest) throws IOException {
        var position =
                new Object() {
                    long line;
                    long end;
                };
        Segment.read(
                file,
                (line, next) -> {
                    position.line++;
                    if (position.line == 1 && oldest) {
                        chain = new Chain(continued(line));
                    }
                    if (!chain.accept(line)) {
                        throw new DamagedAuditException(
                                file, position.line, "its hash does not fit it and what is before");
                    }
                    remember(line);
                    position.end = next;
                });
        return position.end;
    }

    private static String continued(String line) {
        try {
            return JSON.readTree(Chain.content(line)).path(CONTINUES).asString(Chain.START);
        } catch (RuntimeException e) {
            return Chain.START;
        }
    }

    private Segment begun(int next) throws IOException {
        Segment fresh = Segment.open(Segment.file(directory, next), 0);
        fresh.write(line(chain.append(JSON.writeValueAsString(Map.of(CONTINUES, chain.hash())))));
        fresh.force();
        number = next;
        return fresh;
    }

    /**
     * Returns when the entry is on the disk.
     *
     * @throws AuditUnavailableException when it is not, and never will be
     */
    public void append(AuditEntry entry) {
        var waiting = new Waiting(entry, new CompletableFuture<>());
        if (broken || closing) {
            throw new AuditUnavailableException(String.valueOf(failure));
        }
        if (!queue.offer(waiting)) {
            throw new AuditUnavailableException(WAITING + " entries wait already");
        }
        if (closing) {
            refuse(drained());
        }
        try {
            waiting.done().join();
        } catch (CompletionException e) {
            throw new AuditUnavailableException(String.valueOf(failure));
        }
    }

    /** Why nothing can be written, or null when all is well. */
    public @Nullable String failure() {
        return failure;
    }

    /** The last entries, the newest last, at most a thousand. */
    public List<String> tail(int count) {
        synchronized (recent) {
            return recent.stream().skip(Math.max(0, recent.size() - count)).toList();
        }
    }

    private void write() {
        try {
            while (!closing) {
                var batch = new ArrayList<Waiting>();
                batch.add(queue.take());
                queue.drainTo(batch);
                commit(batch);
            }
        } catch (InterruptedException e) {
            // It is being closed.
        }
        failure = "the service is stopping";
        refuse(drained());
    }

    private List<Waiting> drained() {
        var rest = new ArrayList<Waiting>();
        queue.drainTo(rest);
        return rest;
    }

    private void commit(List<Waiting> batch) {
        if (broken) {
            refuse(batch);
            return;
        }
        var lines = new ArrayList<String>();
        var next = new Chain(chain.hash());
        for (Waiting each : batch) {
            lines.add(next.append(content(each.entry())));
        }
        if (written(lines)) {
            chain = next;
            lines.forEach(this::remember);
            batch.forEach(each -> each.done().complete(null));
            rollOver();
        } else {
            refuse(batch);
        }
    }

    private String content(AuditEntry entry) {
        var all = new LinkedHashMap<String, String>();
        all.put("at", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        all.put("event", entry.event());
        all.putAll(entry.facts());
        return JSON.writeValueAsString(all);
    }

    private static void refuse(List<Waiting> batch) {
        var why = new IOException();
        batch.forEach(each -> each.done().completeExceptionally(why));
    }

    /**
     * A full disk may have room again. After a failed fsync nobody knows what is on the disk, and
     * asking again would be told that all is well: nothing more is written until a restart has read
     * what is there.
     */
    private boolean written(List<String> lines) {
        var bytes = new ByteArrayOutputStream();
        lines.forEach(each -> bytes.writeBytes(line(each)));
        try {
            segment.write(bytes.toByteArray());
        } catch (IOException e) {
            fail("Nothing is issued until there is room for the log", e);
            return false;
        }
        try {
            segment.force();
        } catch (IOException e) {
            broken = true;
            fail("Nothing is issued until a restart has checked the log", e);
            return false;
        }
        if (failure != null) {
            log.info("The log can be written again");
            failure = null;
        }
        return true;
    }

    private void fail(String consequence, IOException e) {
        if (failure == null || broken) {
            log.error("{} in {}: {}", consequence, directory, e.toString());
        }
        failure = e.toString();
    }

    private void rollOver() {
        if (segment.size() < segmentBytes) {
            return;
        }
        try {
            Segment next = begun(number + 1);
            segment.close();
            segment = next;
        } catch (IOException e) {
            broken = true;
            fail("Nothing is issued until a restart has checked the log", e);
        }
    }

    private static byte[] line(String line) {
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void remember(String line) {
        String content = Chain.content(line);
        if (content.startsWith("{\"" + CONTINUES)) {
            return;
        }
        synchronized (recent) {
            recent.add(content);
            if (recent.size() > REMEMBERED) {
                recent.remove();
            }
        }
    }

    /** What waits now is refused; what was acknowledged is on the disk. */
    @Override
    public void close() throws IOException {
        closing = true;
        writer.interrupt();
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        segment.close();
    }
}
