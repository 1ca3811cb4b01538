// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.weft.cli.process.Children;
import io.weft.cli.process.Command;
import io.weft.cli.process.Roster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir private Path directory;

    private Children children;
    private HttpServer health;
    private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
    private final List<String> ready = new ArrayList<>();

    private final Progress progress =
            new Progress() {
                @Override
                public void ready(Part part, Duration took) {
                    ready.add(part.name());
                }

                @Override
                public void waiting(Collection<Part> parts) {}
            };

    @BeforeEach
    void open() throws IOException {
        children = new Children(new Roster(directory.resolve("run")));
        health = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        health.createContext(
                "/",
                exchange -> {
                    String path = exchange.getRequestURI().getPath();
                    exchange.sendResponseHeaders(statuses.getOrDefault(path, 404), -1);
                    exchange.close();
                });
        health.start();
    }

    @AfterEach
    void shut() {
        children.close();
        health.stop(0);
    }

    @Test
    void waitsUntilAPartSaysThatItIsReady() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        health.createContext(
                "/late",
                exchange -> {
                    exchange.sendResponseHeaders(asked.incrementAndGet() < 5 ? 503 : 200, -1);
                    exchange.close();
                });
        try (Supervisor supervisor = new Supervisor(children, LONG, 2)) {
            supervisor.start(List.of(part("late", "sleep 600")), progress);
        }

        assertThat(asked).hasValue(5);
        assertThat(ready).containsExactly("late");
    }

    @Test
    void startsAPartAfterThoseItNeeds() throws Exception {
        statuses.put("/agent", 200);
        statuses.put("/app", 200);
        String log = directory.resolve("order").toString();
        Part app = part("app", "echo app >> " + log + "; sleep 600", "agent");
        Part agent = part("agent", "echo agent >> " + log + "; sleep 600");
        try (Supervisor supervisor = new Supervisor(children, LONG, 2)) {
            supervisor.start(List.of(app, agent), progress);
            // Their statuses are there before they have written a word.
            await().untilAsserted(
                            () -> assertThat(Path.of(log)).content().isEqualTo("agent\napp\n"));
        }
    }

    @Test
    void tellsHowAPartEndedAndWhatItsLastWordsWere() {
        try (Supervisor supervisor = new Supervisor(children, LONG, 2)) {
            Part part = part("broken", "echo port 8080 is taken; exit 7");
            PartFailed failed =
                    catchThrowableOfType(
                            PartFailed.class, () -> supervisor.start(List.of(part), progress));

            assertThat(failed.line()).matches("broken ended by itself after .* with exit code 7");
            assertThat(failed.lastWords()).containsExactly("port 8080 is taken");
            assertThat(failed.log()).isEqualTo(directory.resolve("broken.log"));
        }
    }

    @Test
    void tellsWhatAPartAnsweredThatIsLate() {
        statuses.put("/slow", 503);
        try (Supervisor supervisor = new Supervisor(children, Duration.ofMillis(300), 2)) {
            Part part = part("slow", "sleep 600");
            PartFailed failed =
                    catchThrowableOfType(
                            PartFailed.class, () -> supervisor.start(List.of(part), progress));

            assertThat(failed.line()).endsWith("(it answers 503)");
        }
    }

    @Test
    void noticesAPartThatEndsLater() throws Exception {
        statuses.put("/part", 200);
        try (Supervisor supervisor = new Supervisor(children, LONG, 2)) {
            supervisor.start(
                    List.of(part("part", "while [ ! -e stop ]; do sleep 0.1; done; exit 4")),
                    progress);
            assertThat(directory.resolve("stop").toFile().createNewFile()).isTrue();

            assertThatThrownBy(supervisor::watch)
                    .isInstanceOf(PartFailed.class)
                    .hasMessageContaining("exit code 4");
        }
    }

    @Test
    void reportsNoCrashWhenPartsAreEndedOnPurpose() throws Exception {
        statuses.put("/part", 200);
        try (Supervisor supervisor = new Supervisor(children, LONG, 2)) {
            supervisor.start(List.of(part("part", "exec sleep 600")), progress);
            Thread closing = Thread.startVirtualThread(children::close);

            assertThatThrownBy(supervisor::watch).isInstanceOf(CancellationException.class);
            closing.join();
        }
    }

    private Part part(String name, String script, String... after) {
        URI address = URI.create("http://127.0.0.1:" + health.getAddress().getPort() + "/" + name);
        Command command =
                new Command(
                        List.of("sh", "-c", script),
                        Map.of(),
                        directory,
                        directory.resolve(name + ".log"));
        return new Part(name, 0, command, Health.of(address), Set.of(after), List.of());
    }
}
