// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.configserver.fixture.TestControlPlane;
import io.weft.configserver.fixture.TestPolicies;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody asks for a refresh here: every change is noticed. */
class PipelineTest {

    private static final ServiceName ALWAYS = ServiceName.parse("always");

    @TempDir Path directory;
    private TestControlPlane plane;
    private Path documents;

    @BeforeEach
    void start() throws IOException {
        plane = TestControlPlane.start(directory);
        documents = plane.documents();
    }

    @AfterEach
    void stop() throws IOException {
        plane.close();
    }

    private Set<ServiceName> services() {
        return Objects.requireNonNull(plane.publisher().state().published())
                .objects()
                .services()
                .keySet();
    }

    private void awaitServices(String... names) {
        Set<ServiceName> expected =
                Arrays.stream(names).map(ServiceName::parse).collect(Collectors.toSet());
        await().pollInterval(Duration.ofMillis(2)).until(() -> services().equals(expected));
    }

    @Test
    void noticesWritesInPlaceAndReplacements() throws IOException {
        Path file = documents.resolve("shop.yml");
        Files.writeString(file, TestPolicies.services("a"));
        awaitServices("a");
        Files.writeString(file, TestPolicies.services("a", "b"));
        awaitServices("a", "b");
        plane.write("shop.yml", TestPolicies.services("c"));
        awaitServices("c");
        Files.delete(file);
        awaitServices();
    }

    @Test
    void noticesWhatStandsInNewDirectories() throws IOException {
        Path team = Files.createDirectories(documents.resolve("deep/team"));
        Files.writeString(team.resolve("a.yml"), TestPolicies.services("a"));
        awaitServices("a");
        Files.writeString(team.resolve("a.yml"), TestPolicies.services("b"));
        awaitServices("b");
        Files.move(documents.resolve("deep"), documents.resolve("moved"));
        Files.writeString(documents.resolve("moved/team/a.yml"), TestPolicies.services("b", "c"));
        awaitServices("b", "c");
    }

    @Test
    void noticesSwappedLinkAsKubernetesSwapsIt() throws IOException {
        version("..v1", "a");
        Files.createSymbolicLink(documents.resolve("..data"), Path.of("..v1"));
        Files.createSymbolicLink(documents.resolve("shop.yml"), Path.of("..data/shop.yml"));
        awaitServices("a");

        for (String name : new String[] {"b", "c"}) {
            version("..v-" + name, name);
            Path fresh = documents.resolve("..data_tmp");
            Files.createSymbolicLink(fresh, Path.of("..v-" + name));
            Files.move(
                    fresh,
                    documents.resolve("..data"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            awaitServices(name);
        }
    }

    private void version(String directoryName, String service) throws IOException {
        Path version = Files.createDirectory(documents.resolve(directoryName));
        Files.writeString(version.resolve("shop.yml"), TestPolicies.services(service));
    }

    @Test
    void noticesChangesInALinkedDirectory(@TempDir Path elsewhere) throws IOException {
        Files.createSymbolicLink(documents.resolve("team"), elsewhere);
        Files.writeString(elsewhere.resolve("a.yml"), TestPolicies.services("a"));

        awaitServices("a");
    }

    /** Writing in place empties the file first. */
    @Test
    void neverTakesAnEmptiedDocumentForTheTruth() throws IOException {
        Path file = documents.resolve("shop.yml");
        Files.writeString(file, TestPolicies.services("always"));
        awaitServices("always");
        var missing = new AtomicInteger();
        plane.publisher()
                .subscribe(
                        publication -> {
                            if (!publication.objects().services().containsKey(ALWAYS)) {
                                missing.incrementAndGet();
                            }
                        });
        for (int i = 0; i < 30; i++) {
            Files.writeString(file, TestPolicies.services("always", "other-" + i));
        }
        awaitServices("always", "other-29");

        assertThat(missing).hasValue(0);
    }

    @Test
    void publishesWithinATenthOfASecond() throws IOException {
        var took = new long[20];
        for (int i = 0; i < took.length; i++) {
            long before = System.nanoTime();
            plane.write("shop.yml", TestPolicies.services("a-" + i));
            awaitServices("a-" + i);
            took[i] = (System.nanoTime() - before) / 1_000_000;
        }
        Arrays.sort(took);
        System.out.printf(
                "written to published: median %d ms, longest %d ms%n",
                took[took.length / 2], took[took.length - 1]);

        assertThat(took[took.length / 2]).isLessThan(250);
    }

    @Test
    void publishesNothingWhenNothingHasChanged() throws Exception {
        Files.writeString(documents.resolve("shop.yml"), TestPolicies.services("a"));
        awaitServices("a");
        long number = plane.version().number();
        plane.pipeline().refresh().get();
        plane.pipeline().refresh().get();

        assertThat(plane.version().number()).isEqualTo(number);
    }
}
