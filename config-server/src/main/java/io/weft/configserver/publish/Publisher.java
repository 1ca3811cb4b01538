// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.publish;

import io.weft.configserver.source.Reading;
import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.compile.PolicyText;
import io.weft.policy.feed.ContentHash;
import io.weft.policy.problem.Problem;
import io.weft.policy.snapshot.PolicyVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns documents into published versions.
 *
 * <ol>
 *   <li>Compile the documents against what is in force.
 *   <li>The same content, whatever files say it, is the same version.
 *   <li>Hold back what removes too much.
 *   <li>Store, then publish: a version that was seen by anybody survives a crash.
 * </ol>
 *
 * <p>Where the state was lost, the new epoch is the time in seconds, which is higher than any epoch
 * that was lost with it. Where an older state was restored, proxies know a version that this server
 * does not; it learns of it from their acknowledgements and raises the epoch above theirs.
 */
public final class Publisher {

    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    /** An epoch that lies further ahead of the clock than this is nobody's honest memory. */
    private static final Duration CREDIBLE_SKEW = Duration.ofDays(1);

    private final PolicyStore store;
    private final List<String> profiles;
    private final Clock clock;
    private final List<Consumer<Publication>> subscribers = new CopyOnWriteArrayList<>();
    private volatile PolicyState state = PolicyState.NONE;
    private volatile List<PolicyText> texts = List.of();
    private Reading.@Nullable Documents compiled;

    /**
     * @param profiles active profiles, the strongest last
     */
    public Publisher(PolicyStore store, List<String> profiles, Clock clock) {
        this.store = store;
        this.profiles = List.copyOf(profiles);
        this.clock = clock;
    }

    /** What became of a confirmation. */
    public sealed interface Confirmation {
        record Published(Publication publication) implements Confirmation {}

        record NothingHeld() implements Confirmation {}

        record AnotherHeld(Held held) implements Confirmation {}
    }

    /** A candidate beside what is in force. */
    public record Trial(Compilation compilation, Changes changes, boolean wouldBeHeld) {}

    /** Puts in force what was in force when the server went down. */
    public synchronized void restore() {
        try {
            store.load().ifPresent(this::restore);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void restore(Publication publication) {
        log.info(
                "Policy {} is in force again as of {}", publication.version(), publication.since());
        state = new PolicyState(publication, List.of(), List.of(), state.kept(), List.of(), null);
        subscribers.forEach(each -> each.accept(publication));
    }

    public PolicyState state() {
        return state;
    }

    /**
     * Has each publication told to a subscriber, in order and on the publishing thread; first the
     * one in force.
     */
    public synchronized void subscribe(Consumer<Publication> subscriber) {
        subscribers.add(subscriber);
        Publication published = state.published();
        if (published != null) {
            subscriber.accept(published);
        }
    }

    /** Publishes what the documents say, as far as they are sound. */
    public synchronized void accept(Reading reading) {
        PolicyState before = state;
        switch (reading) {
            case Reading.Unavailable(List<Problem> problems) -> {
                compiled = null;
                state = state.with(problems);
            }
            case Reading.Documents documents -> {
                if (!documents.isSameAs(compiled)) {
                    compiled = documents;
                    compile(documents);
                }
            }
        }
        report(before, state);
    }

    /** Keeps what is in force, because compiling failed in a way nobody foresaw. */
    synchronized void fail(Problem problem) {
        PolicyState before = state;
        state = state.with(List.of(problem));
        report(before, state);
    }

    private void compile(Reading.Documents documents) {
        texts = documents.texts();
        Compilation compiled = PolicyCompiler.compile(texts, profiles, good());
        var problems = new ArrayList<>(documents.problems());
        problems.addAll(compiled.problems());
        String hash = ContentHash.of(compiled.good().objects());
        Publication published = state.published();
        Held held = held(compiled.good(), hash, published);
        if (held != null) {
            state = state(published, problems, compiled, held);
            return;
        }
        state = state(published, problems, compiled, null);
        publish(compiled.good(), hash);
    }

    private static PolicyState state(
            @Nullable Publication published,
            List<Problem> problems,
            Compilation compiled,
            @Nullable Held held) {
        return new PolicyState(
                published,
                problems,
                compiled.warnings(),
                compiled.kept(),
                compiled.ignored(),
                held);
    }

    private Good good() {
        Publication published = state.published();
        return published == null ? Good.NONE : published.good();
    }

    private @Nullable Held held(Good good, String hash, @Nullable Publication published) {
        Held waiting = state.held();
        if (published == null) {
            return null;
        }
        if (waiting != null && waiting.hash().equals(hash)) {
            return waiting;
        }
        Changes changes = Changes.between(published.objects(), good.objects());
        if (!Held.isNeeded(published.objects(), changes)) {
            return null;
        }
        log.warn(
                "Policy {} stays in force: the documents would remove {} of {} objects ({}). If that"
                        + " is intended, POST /api/policy/publish?intended={}",
                published.version(),
                changes.removed().size(),
                published.objects().byKey().size(),
                changes,
                hash);
        return new Held(good, hash, changes, clock.instant());
    }

    /** Publishes what is held back, if it is what somebody saw and confirmed. */
    public synchronized Confirmation confirm(String hash) {
        Held held = state.held();
        if (held == null) {
            return new Confirmation.NothingHeld();
        }
        if (!held.hash().equals(hash)) {
            return new Confirmation.AnotherHeld(held);
        }
        state =
                new PolicyState(
                        state.published(),
                        state.problems(),
                        state.warnings(),
                        state.kept(),
                        state.ignored(),
                        null);
        return new Confirmation.Published(publish(held.good(), hash));
    }

    private Publication publish(Good good, String hash) {
        Publication before = state.published();
        if (before != null && before.version().hash().equals(hash)) {
            return keep(before, good);
        }
        var version =
                before == null
                        ? new PolicyVersion(now(), 1, hash)
                        : new PolicyVersion(
                                before.version().epoch(), before.version().number() + 1, hash);
        return publish(new Publication(version, clock.instant(), good));
    }

    /** Documents may have exchanged objects without changing one. */
    private Publication keep(Publication before, Good good) {
        if (before.good().documents().equals(good.documents())
                && before.good().standIns().equals(good.standIns())) {
            return before;
        }
        var same = new Publication(before.version(), before.since(), good);
        save(same);
        putInForce(same);
        return same;
    }

    private Publication publish(Publication publication) {
        Publication before = state.published();
        Changes changes =
                Changes.between(
                        before == null ? Good.NONE.objects() : before.objects(),
                        publication.objects());
        save(publication);
        putInForce(publication);
        log.info(
                "Policy {} ({}) is in force: {}",
                publication.version(),
                publication.version().hash(),
                changes);
        subscribers.forEach(each -> each.accept(publication));
        return publication;
    }

    private void putInForce(Publication publication) {
        state =
                new PolicyState(
                        publication,
                        state.problems(),
                        state.warnings(),
                        state.kept(),
                        state.ignored(),
                        state.held());
    }

    /** A full disk must not stop a change of policy; what it costs is said. */
    private void save(Publication publication) {
        try {
            store.save(publication);
        } catch (IOException e) {
            log.error(
                    "Policy {} could not be stored and would be lost with a restart: {}",
                    publication.version(),
                    e.toString());
        }
    }

    /**
     * Hears of a version that a proxy has in force. One that this server does not remember means
     * that its state is older than what it published: it starts a new epoch above that version.
     */
    synchronized void heardOf(PolicyVersion version) {
        Publication published = state.published();
        if (published == null || !isNews(version)) {
            return;
        }
        if (version.epoch() > now() + CREDIBLE_SKEW.toSeconds()) {
            log.warn("A proxy says it has version {}, which cannot be; ignored", version);
            return;
        }
        long epoch = Math.max(version.epoch() + 1, now());
        log.warn(
                "A proxy has version {}, later than ours ({}): our state is an older one that was"
                        + " restored. Epoch {} begins",
                version,
                published.version(),
                epoch);
        publish(
                new Publication(
                        new PolicyVersion(epoch, 1, published.version().hash()),
                        clock.instant(),
                        published.good()));
    }

    /** Whether a proxy's version is one that this server did not publish. */
    boolean isNews(PolicyVersion version) {
        Publication published = state.published();
        if (published == null) {
            return false;
        }
        int age = version.compareTo(published.version());
        return age > 0 || (age == 0 && !version.hash().equals(published.version().hash()));
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    /**
     * Tries documents out without publishing them.
     *
     * @param candidates take the place of documents of the same name
     */
    public Trial check(List<PolicyText> candidates) {
        var all = new TreeMap<String, PolicyText>();
        texts.forEach(text -> all.put(text.file(), text));
        candidates.forEach(text -> all.put(text.file(), text));
        Good good = good();
        Compilation compiled = PolicyCompiler.compile(List.copyOf(all.values()), profiles, good);
        Changes changes = Changes.between(good.objects(), compiled.good().objects());
        return new Trial(compiled, changes, Held.isNeeded(good.objects(), changes));
    }

    /** A problem is logged when it comes and when the last one has gone, not while it stays. */
    private static void report(PolicyState before, PolicyState now) {
        news(before.problems(), now.problems()).forEach(problem -> log.warn("{}", problem));
        news(before.warnings(), now.warnings())
                .forEach(warning -> log.warn("{}", warning.asWarning()));
        if (now.problems().isEmpty() && !before.problems().isEmpty()) {
            log.info("The policy has no problems any more");
        }
    }

    private static Stream<Problem> news(List<Problem> before, List<Problem> now) {
        return now.stream().filter(each -> !before.contains(each));
    }
}
