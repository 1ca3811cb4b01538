// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.weft.policy.feed.FeedCodec;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.snapshot.PolicyVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SnapshotStoreTest {

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(SnapshotStore.class);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir private Path directory;

    @BeforeEach
    void listen() {
        log.start();
        LOGGER.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        LOGGER.detachAppender(log);
    }

    private static FeedMessage.Snapshot snapshot(int schema, long number) {
        return new FeedMessage.Snapshot(
                schema,
                new PolicyVersion(1, number, "0123456789abcdef"),
                TrustDomain.DEFAULT,
                List.of(),
                Map.of());
    }

    private SnapshotStore store() {
        return new SnapshotStore(directory.resolve("state"));
    }

    private Path file(String name) {
        return directory.resolve("state").resolve(name);
    }

    private void assertRefused(byte[] content, String why) throws IOException {
        Files.createDirectories(directory.resolve("state"));
        Files.write(file("policy.json"), content);

        assertThat(store().load()).isEmpty();
        assertThat(log.list)
                .anySatisfy(
                        each ->
                                assertThat(each.getFormattedMessage())
                                        .contains("policy.json", why));
        assertThat(file("policy.json")).doesNotExist();
        assertThat(file("policy.json.refused")).hasBinaryContent(content);

        store().save(snapshot(FeedMessage.SCHEMA, 7));
        assertThat(store().load()).contains(snapshot(FeedMessage.SCHEMA, 7));
        assertThat(file("policy.json.refused")).as("is left alone").hasBinaryContent(content);
    }

    @Test
    void givesBackWhatWasSavedLast() {
        store().save(snapshot(FeedMessage.SCHEMA, 1));
        store().save(snapshot(FeedMessage.SCHEMA, 2));

        assertThat(store().load()).contains(snapshot(FeedMessage.SCHEMA, 2));
        assertThat(file("policy.json.new")).doesNotExist();
    }

    @Test
    void startsWithNothing() {
        assertThat(store().load()).isEmpty();
    }

    @Test
    void refusesATornFile() throws IOException {
        String whole = FeedCodec.write(snapshot(FeedMessage.SCHEMA, 1));
        assertRefused(ascii(whole.substring(0, whole.length() / 2)), "not a policy to start with");
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        assertRefused(new byte[0], "not a policy to start with");
    }

    @Test
    void refusesWhatIsNoText() throws IOException {
        assertRefused(new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1}, "not a policy to start with");
    }

    @Test
    void refusesAnotherMessage() throws IOException {
        assertRefused(ascii(FeedCodec.write(new FeedMessage.Heartbeat())), "not a snapshot");
    }

    @Test
    void refusesTheSchemaOfALaterRelease() throws IOException {
        int later = FeedMessage.SCHEMA + 1;
        assertRefused(ascii(FeedCodec.write(snapshot(later, 1))), "schema " + later);
    }

    @Test
    void aCrashWhileSavingLeavesTheOldCopy() throws IOException {
        store().save(snapshot(FeedMessage.SCHEMA, 1));
        Files.writeString(file("policy.json.new"), "{\"type\":\"snap");

        assertThat(store().load()).contains(snapshot(FeedMessage.SCHEMA, 1));
        store().save(snapshot(FeedMessage.SCHEMA, 2));
        assertThat(store().load()).contains(snapshot(FeedMessage.SCHEMA, 2));
    }

    @Test
    void aDiskThatFailsIsReportedOnceAndWhenItIsBack() throws IOException {
        Files.writeString(directory.resolve("state"), "a file where a directory should be");
        SnapshotStore store = store();
        store.save(snapshot(FeedMessage.SCHEMA, 1));
        store.save(snapshot(FeedMessage.SCHEMA, 2));
        assertThat(log.list).hasSize(1);
        assertThat(log.list.getFirst().getFormattedMessage()).contains("cannot be kept");

        Files.delete(directory.resolve("state"));
        store.save(snapshot(FeedMessage.SCHEMA, 3));
        assertThat(store.load()).contains(snapshot(FeedMessage.SCHEMA, 3));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
