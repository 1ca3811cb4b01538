// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.configserver.fixture.ManualTicker;
import io.weft.configserver.fixture.TestControlPlane;
import io.weft.policy.compile.PolicyText;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryBackendTest {

    private static final PolicySettings SETTINGS =
            new PolicySettings(
                    List.of("**/*.yml", "**/*.yaml"),
                    List.of(),
                    null,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2));

    @TempDir Path directory;
    private final ManualTicker ticker = new ManualTicker();

    private PolicySource source(Path... directories) {
        return new PolicySource(List.of(TestControlPlane.locator(directories)), SETTINGS, ticker);
    }

    private static Reading.Documents read(PolicySource source) {
        if (source.read(false) instanceof Reading.Documents documents) {
            return documents;
        }
        throw new AssertionError("nothing to read");
    }

    private static List<String> names(PolicySource source) {
        return read(source).texts().stream().map(PolicyText::file).sorted().toList();
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void readsYamlWhereverItStands() throws IOException {
        write("shop.yml", "a");
        write("team/orders/orders.yaml", "b");
        write("readme.md", "c");
        write("application.properties", "d");

        assertThat(names(source(directory))).containsExactly("shop.yml", "team/orders/orders.yaml");
    }

    @Test
    void readsOnlyWhatThePatternsName() throws IOException {
        write("shop.yml", "a");
        write("policy/orders.yml", "b");
        var settings =
                new PolicySettings(
                        List.of("policy/**"), List.of(), null, Duration.ZERO, Duration.ZERO);
        var source =
                new PolicySource(List.of(TestControlPlane.locator(directory)), settings, ticker);

        assertThat(names(source)).containsExactly("policy/orders.yml");
    }

    @Test
    void neverReadsHiddenNames() throws IOException {
        write(".git/config.yml", "a");
        write(".shop.yml.swp.yml", "b");
        write("team/.hidden/x.yml", "c");

        assertThat(names(source(directory))).isEmpty();
    }

    @Test
    void readsEachDocumentOnceThoughItsDirectoryIsNamedTwice() throws IOException {
        write("team/orders.yml", "a");

        assertThat(names(source(directory, directory.resolve("team"))))
                .containsExactly("team/orders.yml");
    }

    @Test
    void tellsDocumentsOfTheSameNameApart() throws IOException {
        write("a/shop.yml", "a");
        write("b/shop.yml", "b");

        assertThat(names(source(directory.resolve("a"), directory.resolve("b"))))
                .containsExactly(directory.resolve("b") + "/shop.yml", "shop.yml");
    }

    @Test
    void followsLinksAndSurvivesLoops(@TempDir Path elsewhere) throws IOException {
        Files.writeString(elsewhere.resolve("orders.yml"), "a");
        Files.createSymbolicLink(directory.resolve("team"), elsewhere);
        Files.createSymbolicLink(directory.resolve("loop"), directory);
        Files.createSymbolicLink(directory.resolve("gone.yml"), elsewhere.resolve("gone"));

        assertThat(names(source(directory))).containsExactly("team/orders.yml");
    }

    @Test
    void saysWhyADocumentCannotBeRead() throws IOException {
        Files.write(directory.resolve("latin.yml"), new byte[] {'a', (byte) 0xe4});
        try (var large = new RandomAccessFile(directory.resolve("large.yml").toFile(), "rw")) {
            large.setLength(50L << 20);
        }
        write("sound.yml", "\uFEFFa: 1");

        assertThat(read(source(directory)).texts())
                .containsExactlyInAnyOrder(
                        PolicyText.unreadable("latin.yml", "not UTF-8"),
                        PolicyText.unreadable(
                                "large.yml",
                                "document too large: 52428800 bytes (expected: at most 16 MiB)"),
                        new PolicyText("sound.yml", "a: 1"));
    }

    @Test
    void seesChangesOfTheSameSize() throws IOException {
        Path file = write("shop.yml", "a: 1");
        var source = source(directory);
        read(source);
        for (int i = 2; i < 9; i++) {
            Files.write(file, ("a: " + i).getBytes(StandardCharsets.UTF_8));
            assertThat(read(source).texts()).containsExactly(new PolicyText("shop.yml", "a: " + i));
        }
    }

    @Test
    void documentThatWasEmptiedOrTakenAwayCountsForAMoment() throws IOException {
        Path emptied = write("emptied.yml", "a");
        Path taken = write("taken.yml", "b");
        var source = source(directory);
        read(source);
        Files.writeString(emptied, "");
        Files.delete(taken);

        assertThat(read(source).settling()).isTrue();
        assertThat(read(source).texts())
                .containsExactlyInAnyOrder(
                        new PolicyText("emptied.yml", "a"), new PolicyText("taken.yml", "b"));

        ticker.advance(DirectoryBackend.GRACE);
        assertThat(read(source).settling()).isFalse();
        assertThat(read(source).texts()).containsExactly(new PolicyText("emptied.yml", ""));
    }

    @Test
    void momentBeginsAnewWithEachAbsence() throws IOException {
        Path file = write("shop.yml", "a");
        var source = source(directory);
        read(source);
        Files.writeString(file, "");
        read(source);
        ticker.advance(DirectoryBackend.GRACE.minusMillis(1));
        Files.writeString(file, "b");
        assertThat(read(source).settling()).isFalse();
        Files.writeString(file, "");
        ticker.advance(Duration.ofMillis(1));

        assertThat(read(source).texts()).containsExactly(new PolicyText("shop.yml", "b"));
    }

    @Test
    void renamedDocumentMovesAtOnce() throws IOException {
        Path file = write("shop.yml", "a");
        var source = source(directory);
        read(source);
        Files.move(file, directory.resolve("store.yml"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(names(source)).containsExactly("store.yml");
    }

    @Test
    void directoryThatWentAwayTakesNothingWithIt() throws IOException {
        write("a/shop.yml", "a");
        write("b/orders.yml", "b");
        var source = source(directory.resolve("a"), directory.resolve("b"));
        read(source);
        Files.move(directory.resolve("b"), directory.resolve("c"));

        Reading.Documents documents = read(source);
        assertThat(documents.texts()).hasSize(2);
        assertThat(documents.problems())
                .singleElement()
                .satisfies(
                        problem ->
                                assertThat(problem.toString())
                                        .contains("no such directory")
                                        .contains(directory.resolve("b").toString()));
    }

    @Test
    void knowsNothingBeforeThereWasADirectory() {
        var source = source(directory.resolve("missing"));

        assertThat(source.read(false)).isInstanceOf(Reading.Unavailable.class);
        assertThatThrownBy(source::requireDirectory)
                .isInstanceOf(NoPolicyDirectoryException.class)
                .hasMessageContaining(directory.resolve("missing").toString());
    }
}
