// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.cli.home.Up;
import io.weft.cli.supervise.Probe;
import io.weft.cli.up.StandInDistribution.Result;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as people use it, in JVMs of its own; only the parts of the mesh are stand-ins. */
class WeftUpTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** One for all tests: what a start leaves in caches serves the next. */
    @TempDir private static Path root;

    private StandInDistribution weft;

    @BeforeEach
    void make() throws IOException {
        weft = StandInDistribution.built(root);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        weft.weft("down");
        assertThat(weft.running()).isEmpty();
    }

    @Test
    void aDayInTheLifeOfAMesh() throws Exception {
        try (ServerSocket busy = busy8080()) {
            assertThat(busy == null || busy.isBound()).isTrue();
            startsInTheBackground();
            saysWhatRuns();
            saysThatItIsUpAlready();
            showsLogs();
            takesAGuest();
            stopsInOrder();
        }
    }

    private void startsInTheBackground() throws Exception {
        Result up = weft.weft("up", "--detach", "--lite");

        assertThat(up.exitCode()).as(up.err()).isZero();
        assertThat(up.err())
                .containsPattern("ports +.*8080 busy → using 1808\\d")
                .containsPattern("edge gateway +http://localhost:1808\\d")
                .containsPattern("first request +edge, stand-in")
                .containsPattern("Ready in \\d+ s");
        assertThat(up.out()).containsPattern("curl -s localhost:1808\\d/orders/42");
        assertThat(weft.state().policy().resolve("shop.yml")).exists();
    }

    private void saysWhatRuns() throws Exception {
        Result table = weft.weft("status");
        assertThat(table.exitCode()).isZero();
        assertThat(table.out()).containsPattern("payments-v2-agent +ready +\\d+");

        Result json = weft.weft("status", "-o", "json");
        assertThat(json.out()).startsWith("{\"ready\":true,\"parts\":[{\"name\":");
        assertThat(json.err()).doesNotContain("ready");
    }

    private void saysThatItIsUpAlready() throws Exception {
        Result again = weft.weft("up");

        assertThat(again.exitCode()).isZero();
        assertThat(again.err()).contains("weft is up already");
        assertThat(again.out()).containsPattern("curl -s localhost:1808\\d/orders/42");
    }

    private void showsLogs() throws Exception {
        assertThat(weft.weft("logs", "orders-v1").out()).contains("stand-in for orders");

        Result misspelt = weft.weft("logs", "order-v1");
        assertThat(misspelt.exitCode()).isEqualTo(2);
        assertThat(misspelt.err()).contains("did you mean orders-v1?");
    }

    private void takesAGuest() throws Exception {
        Result run =
                weft.weft(
                        "run",
                        "--name",
                        "cart",
                        "--port",
                        "7000",
                        "--",
                        "sh",
                        "-c",
                        "echo $PORT $http_proxy $JAVA_TOOL_OPTIONS; exit 7");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(7);
        assertThat(run.out())
                .containsPattern(
                        "7000 http://127.0.0.1:(\\d+) -Dmine=1 -Dhttp.proxyHost=127.0.0.1 "
                                + "-Dhttp.proxyPort=\\1 -Dhttp.nonProxyHosts=localhost");
        assertThat(run.err()).contains("cart.yml", "prefix: /cart");
        assertThat(weft.ended()).containsExactly("cart-agent");
    }

    private void stopsInOrder() throws Exception {
        Result down = weft.weft("down");

        assertThat(down.exitCode()).isZero();
        assertThat(down.err()).contains("Everything is stopped.");
        assertThat(weft.running()).isEmpty();
        List<String> ended = weft.ended();
        assertThat(ended.subList(1, 3)).containsExactlyInAnyOrder("traffic", "intruder");
        assertThat(ended.subList(3, 9)).noneMatch(name -> name.endsWith("-agent"));
        assertThat(ended.subList(9, 16)).allMatch(name -> name.endsWith("-agent"));
        assertThat(ended.get(16)).startsWith("weft-gateway");
        assertThat(ended).hasSize(19);

        assertThat(weft.weft("status").exitCode()).isEqualTo(3);
        assertThat(weft.weft("down").err()).contains("Nothing is running.");
        assertThat(weft.weft("reset").exitCode()).isZero();
        assertThat(weft.state().directory()).doesNotExist();
    }

    @Test
    void aCrashEndsEverythingAndIsTold() throws Exception {
        Process running = started();

        Probe.ask(URI.create(weft.readiness("payments-v2")).resolve("/crash"));

        Result crashed = weft.result(running);
        assertThat(crashed.exitCode()).isEqualTo(1);
        assertThat(crashed.err())
                .containsPattern("payments-v2 ended by itself after .* s with exit code 3")
                .contains("    stand-in for payments", "log: ");
        assertThat(weft.running()).isEmpty();
    }

    @Test
    void nothingOutlivesAKill() throws Exception {
        started().destroyForcibly().waitFor();

        await().atMost(Duration.ofSeconds(30)).until(() -> weft.running().isEmpty());
        assertThat(weft.weft("up", "--lite", "--exit-when-ready").exitCode()).isZero();
        assertThat(weft.running()).isEmpty();
    }

    @Test
    void aSignalWhileItStartsEndsWhatHasStarted() throws Exception {
        Process starting = start();
        await().atMost(PATIENCE).until(() -> weft.state().started().entries().size() > 2);

        starting.destroy();

        Result stopped = weft.result(starting);
        assertThat(stopped.exitCode()).isEqualTo(128 + 15);
        assertThat(stopped.err()).contains("Everything is stopped.").doesNotContain("by itself");
        assertThat(weft.running()).isEmpty();
    }

    @Test
    void aFailingBuildIsToldInALine() throws Exception {
        weft.remove("gateway");
        Path maven =
                Files.writeString(root.resolve("mvnw"), "#!/bin/sh\necho '[ERROR] no'\nexit 1\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();

        Result failed = weft.weft("up", "--lite");

        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err()).contains("the build failed: no\n", "build.log");
        assertThat(weft.running()).isEmpty();
    }

    private Process started() throws Exception {
        Process started = start();
        await().atMost(PATIENCE).until(() -> Up.find(weft.state()).map(Up::ready).orElse(false));
        return started;
    }

    private Process start() throws Exception {
        return weft.start("up", "--lite");
    }

    /** Makes 8080 busy, unless it is already. */
    private static @Nullable ServerSocket busy8080() throws Exception {
        try {
            return new ServerSocket(8080, 1, InetAddress.ofLiteral("127.0.0.1"));
        } catch (BindException alreadyBusy) {
            return null;
        }
    }
}
