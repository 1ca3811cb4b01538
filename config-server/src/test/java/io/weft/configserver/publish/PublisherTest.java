// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.configserver.fixture.TestPolicies;
import io.weft.configserver.publish.Publisher.Confirmation;
import io.weft.configserver.source.Reading;
import io.weft.configserver.state.DurableFile;
import io.weft.policy.compile.PolicyText;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import io.weft.policy.problem.Position;
import io.weft.policy.problem.Problem;
import io.weft.policy.snapshot.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

class PublisherTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir Path directory;
    private final List<PolicyVersion> published = new ArrayList<>();
    private Publisher publisher;

    @BeforeEach
    void start() {
        publisher = start(NOW);
    }

    /** As a process that starts at this time. */
    private Publisher start(Instant now) {
        var store = new PolicyStore(new DurableFile(file()));
        var started = new Publisher(store, List.of(), Clock.fixed(now, ZoneOffset.UTC));
        started.restore();
        started.subscribe(each -> published.add(each.version()));
        return started;
    }

    private Path file() {
        return directory.resolve("policy.ndjson");
    }

    private static Reading.Documents documents(String... namesAndTexts) {
        var texts = new ArrayList<PolicyText>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            texts.add(new PolicyText(namesAndTexts[i], namesAndTexts[i + 1]));
        }
        return new Reading.Documents(texts, List.of(), false);
    }

    private PolicyVersion version() {
        return Objects.requireNonNull(publisher.state().published()).version();
    }

    private boolean isInForce(ObjectKind kind, String name) {
        return Objects.requireNonNull(publisher.state().published())
                .objects()
                .byKey()
                .containsKey(new ObjectKey(kind, name));
    }

    @Test
    void publishesEachContentOnce() {
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5) + "# comment"));
        publisher.accept(documents("b.yml", TestPolicies.ordersSplit(95, 5)));
        publisher.accept(documents("b.yml", TestPolicies.ordersSplit(50, 50)));

        assertThat(published).extracting(PolicyVersion::number).containsExactly(1L, 2L);
        assertThat(published).extracting(PolicyVersion::epoch).containsOnly(NOW.getEpochSecond());
    }

    @Test
    void emptyPolicyIsAPolicy() {
        publisher.accept(documents());

        assertThat(version().number()).isOne();
    }

    @Test
    void brokenObjectKeepsItsLastGoodForm() {
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));
        String broken = TestPolicies.ordersSplit(95, 5).replace("hosts", "hots");
        publisher.accept(documents("a.yml", broken, "b.yml", TestPolicies.services("payments")));

        assertThat(publisher.state().problems())
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.at()).isEqualTo(new Position("a.yml", 8, 7));
                            assertThat(problem.suggestion()).isEqualTo("hosts");
                        });
        assertThat(publisher.state().kept())
                .containsExactly(new ObjectKey(ObjectKind.ROUTES, "orders"));
        assertThat(isInForce(ObjectKind.ROUTES, "orders")).isTrue();
        assertThat(isInForce(ObjectKind.SERVICES, "payments")).isTrue();

        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));
        assertThat(publisher.state().problems()).isEmpty();
        assertThat(isInForce(ObjectKind.SERVICES, "payments")).isFalse();
    }

    @Test
    void sameVersionIsInForceAfterRestart() {
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));
        PolicyVersion before = version();
        publisher = start(NOW.plusSeconds(60));
        assertThat(version()).isEqualTo(before);

        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));
        assertThat(version()).isEqualTo(before);
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(50, 50)));
        assertThat(version().epoch()).isEqualTo(before.epoch());
        assertThat(version().number()).isEqualTo(before.number() + 1);
    }

    @Test
    void documentThatIsBrokenAtStartKeepsWhatItDeclared() {
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));
        PolicyVersion before = version();
        publisher = start(NOW);
        publisher.accept(documents("a.yml", "weft: [not a policy"));

        assertThat(version()).isEqualTo(before);
        assertThat(publisher.state().problems()).hasSize(1);
        assertThat(publisher.state().kept()).hasSize(2);
    }

    @Test
    void remembersWhichDocumentDeclaresWhat() {
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));
        publisher.accept(documents("b.yml", TestPolicies.ordersSplit(95, 5)));
        publisher = start(NOW);
        publisher.accept(documents("b.yml", "weft: [not a policy"));

        assertThat(isInForce(ObjectKind.ROUTES, "orders")).isTrue();
    }

    @Test
    void lostStateBeginsALaterEpoch() throws IOException {
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));
        PolicyVersion before = version();
        Files.delete(file());
        publisher = start(NOW.plusSeconds(1));
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));

        assertThat(version()).isGreaterThan(before);
        assertThat(version().hash()).isEqualTo(before.hash());
    }

    @Test
    void damagedStateIsSetAside() throws IOException {
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));
        Files.writeString(file(), Files.readString(file()).replace(":95", ":94"));
        publisher = start(NOW.plusSeconds(1));

        assertThat(publisher.state().published()).isNull();
        assertThat(directory.resolve("policy.ndjson.damaged")).exists();
    }

    @Test
    void restoredStateBeginsALaterEpochOnceAProxyKnowsBetter() {
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));
        PolicyVersion ours = version();
        var theirs = new PolicyVersion(ours.epoch(), ours.number() + 7, "ffffffffffffffff");
        publisher.heardOf(theirs);

        assertThat(version()).isGreaterThan(theirs);
        assertThat(version().hash()).isEqualTo(ours.hash());
        assertThat(published).hasSize(2);
        publisher.heardOf(theirs);
        publisher.heardOf(version());
        assertThat(published).hasSize(2);
    }

    @Test
    void believesNoEpochFromTheFuture() {
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));
        publisher.heardOf(new PolicyVersion(Long.MAX_VALUE, 1, "ffffffffffffffff"));
        publisher.heardOf(
                new PolicyVersion(
                        NOW.plus(Duration.ofDays(2)).getEpochSecond(), 1, "ffffffffffffffff"));

        assertThat(published).hasSize(1);
    }

    @Test
    void holdsBackWhatRemovesMoreThanAFifth() {
        publisher.accept(
                documents(
                        "a.yml", TestPolicies.services("a", 40),
                        "b.yml", TestPolicies.services("b", 11)));
        publisher.accept(documents("a.yml", TestPolicies.services("a", 40)));

        Held held = Objects.requireNonNull(publisher.state().held());
        assertThat(held.changes().removed()).hasSize(11);
        assertThat(version().number()).isOne();
        assertThat(publisher.confirm("another"))
                .isInstanceOfSatisfying(
                        Confirmation.AnotherHeld.class,
                        other -> assertThat(other.held()).isEqualTo(held));
        assertThat(publisher.confirm(held.hash())).isInstanceOf(Confirmation.Published.class);
        assertThat(version().number()).isEqualTo(2);
        assertThat(version().hash()).isEqualTo(held.hash());
        assertThat(publisher.state().held()).isNull();
        assertThat(publisher.confirm(held.hash())).isInstanceOf(Confirmation.NothingHeld.class);
    }

    @Test
    void letsGoWhatIsLessThanTenOrAFifth() {
        publisher.accept(
                documents(
                        "a.yml", TestPolicies.services("a", 45),
                        "b.yml", TestPolicies.services("b", 10)));
        publisher.accept(documents("a.yml", TestPolicies.services("a", 45)));
        assertThat(version().number()).isEqualTo(2);

        publisher.accept(documents("a.yml", TestPolicies.services("a", 36)));
        publisher.accept(documents("a.yml", TestPolicies.services("a", 27)));
        publisher.accept(documents("a.yml", TestPolicies.services("a", 18)));
        publisher.accept(documents("a.yml", TestPolicies.services("a", 9)));
        publisher.accept(documents());
        assertThat(version().number()).isEqualTo(7);
    }

    @Test
    void forgetsWhatIsHeldWhenTheDocumentsComeBack() {
        Reading.Documents all = documents("a.yml", TestPolicies.services("a", 40));
        publisher.accept(all);
        publisher.accept(documents());
        assertThat(publisher.state().held()).isNotNull();
        publisher.accept(all);

        assertThat(publisher.state().held()).isNull();
        assertThat(published).hasSize(1);
    }

    @Test
    void holdsBackAfterRestartToo() {
        publisher.accept(documents("a.yml", TestPolicies.services("a", 40)));
        publisher = start(NOW);
        publisher.accept(documents());

        assertThat(publisher.state().held()).isNotNull();
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void whatIsInVainIsLoggedOnceAndPublished(CapturedOutput output) {
        String inVain =
                """
                weft:
                  services: { orders: }
                  routes: { r: { rules: { a: { to: { orders: 1 } }, b: { to: { orders: 1 } } } } }
                """;
        publisher.accept(documents("a.yml", inVain));
        publisher.accept(documents("a.yml", inVain, "b.yml", TestPolicies.services("payments")));

        assertThat(publisher.state().problems()).isEmpty();
        assertThat(publisher.state().warnings()).hasSize(1);
        assertThat(published).hasSize(2);
        assertThat(output.getOut()).containsOnlyOnce("a.yml:3:53: warning: weft.routes.r.rules.b:");
    }

    @Test
    void unavailableDocumentsChangeNothing() {
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));
        var problem = new Problem(Position.of("/policy"), "", "", "no such directory", "");
        publisher.accept(new Reading.Unavailable(List.of(problem)));
        assertThat(published).hasSize(1);
        assertThat(publisher.state().problems()).containsExactly(problem);

        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));
        assertThat(publisher.state().problems()).isEmpty();
    }

    @Test
    void fullDiskStopsNoChange() throws IOException {
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(95, 5)));
        Files.createDirectory(directory.resolve("policy.ndjson.new"));
        publisher.accept(documents("a.yml", TestPolicies.ordersSplit(50, 50)));

        assertThat(version().number()).isEqualTo(2);
    }

    @Test
    void candidateTakesThePlaceOfItsDocument() {
        publisher.accept(
                documents(
                        "a.yml", TestPolicies.ordersSplit(95, 5),
                        "b.yml", TestPolicies.services("payments")));
        var trial =
                publisher.check(List.of(new PolicyText("b.yml", TestPolicies.services("catalog"))));

        assertThat(trial.compilation().isSound()).isTrue();
        assertThat(trial.changes().added())
                .containsExactly(new ObjectKey(ObjectKind.SERVICES, "catalog"));
        assertThat(trial.changes().removed())
                .containsExactly(new ObjectKey(ObjectKind.SERVICES, "payments"));
        assertThat(trial.wouldBeHeld()).isFalse();
        assertThat(published).hasSize(1);
    }
}
