// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.jvm;

import io.weft.cli.port.Claim;
import io.weft.cli.process.Children;
import io.weft.cli.process.Command;
import io.weft.cli.supervise.Probe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * Makes caches by training runs. A cache is never worth an error: where none can be made, programs
 * start without one, as they did before.
 */
public final class Trainer {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration WRITING = Duration.ofMinutes(3);
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final AotCaches caches;
    private final Children children;
    private final List<String> prefix;

    /**
     * @param prefix goes before each command line, such as {@code nice -n 19}
     */
    public Trainer(AotCaches caches, Children children, List<String> prefix) {
        this.caches = caches;
        this.children = children;
        this.prefix = List.copyOf(prefix);
    }

    /** Runs the program once, unless it has a cache. */
    public void train(Trainee trainee) throws InterruptedException {
        try {
            if (!caches.has(trainee.program())) {
                run(trainee);
            }
        } catch (IOException | CancellationException e) {
            // Then there is no cache.
        } finally {
            trainee.ports().forEach(Claim::release);
        }
    }

    private void run(Trainee trainee) throws IOException, InterruptedException {
        Command command = command(trainee);
        trainee.ports().forEach(Claim::release);
        Process process = children.spawnDisposable(command);
        if (!started(trainee, process)) {
            process.destroyForcibly();
            return;
        }
        trainee.requests().forEach(Probe::ask);
        process.destroy();
        if (process.waitFor(WRITING.toMillis(), TimeUnit.MILLISECONDS) && !children.closed()) {
            caches.keep(trainee.program());
        } else {
            process.destroyForcibly();
        }
    }

    private static boolean started(Trainee trainee, Process process) throws InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            if (Probe.ask(trainee.ready()).good()) {
                return true;
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
        return false;
    }

    private Command command(Trainee trainee) throws IOException {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(trainee.program().words(caches.make(trainee.program())));
        words.addAll(trainee.arguments());
        Path directory = trainee.directory();
        return new Command(
                words, trainee.environment(), directory, directory.resolve("training.log"));
    }
}
