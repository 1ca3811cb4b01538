// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.up;

import io.weft.cli.jvm.AotCaches;
import io.weft.cli.jvm.Trainee;
import io.weft.cli.jvm.Trainer;
import io.weft.cli.mesh.Trainees;
import io.weft.cli.process.Children;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When start-up caches are made. One of a program that runs many times over saves more than it
 * costs at once; the others wait until everything is ready, and then take only idle processors.
 */
final class Warmup {

    private static final List<String> IDLE = List.of("nice", "-n", "19");

    private final Trainees trainees;
    private final AotCaches caches;
    private final Children children;

    Warmup(Trainees trainees, AotCaches caches, Children children) {
        this.trainees = trainees;
        this.caches = caches;
        this.children = children;
    }

    /** A thread that makes what pays at once, unless all of that is there. */
    Optional<Thread> now() throws IOException {
        if (trainees.manyHave(caches)) {
            return Optional.empty();
        }
        List<Trainee> many = trainees.many();
        return Optional.of(Thread.startVirtualThread(() -> atOnce(many)));
    }

    /** Makes the rest in the background. */
    void later(Optional<Path> zipkin) {
        Thread.startVirtualThread(() -> oneByOne(zipkin));
    }

    private void atOnce(List<Trainee> many) {
        Trainer trainer = new Trainer(caches, children, List.of());
        List<Thread> threads = new ArrayList<>();
        many.forEach(
                trainee -> threads.add(Thread.startVirtualThread(() -> train(trainer, trainee))));
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void oneByOne(Optional<Path> zipkin) {
        Trainer trainer = new Trainer(caches, children, IDLE);
        try {
            trainees.single(zipkin).forEach(trainee -> train(trainer, trainee));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void train(Trainer trainer, Trainee trainee) {
        try {
            trainer.train(trainee);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
