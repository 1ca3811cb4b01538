// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.weft.configserver.api.ApiFailures.RefusedRequestException;
import io.weft.configserver.api.Views.ChangesView;
import io.weft.configserver.api.Views.HeldView;
import io.weft.configserver.api.Views.ProblemView;
import io.weft.configserver.api.Views.VersionView;
import io.weft.configserver.publish.Held;
import io.weft.configserver.publish.Pipeline;
import io.weft.configserver.publish.PolicyState;
import io.weft.configserver.publish.Publication;
import io.weft.configserver.publish.Publisher;
import io.weft.configserver.publish.Publisher.Confirmation;
import io.weft.policy.codec.ObjectWriter;
import io.weft.policy.document.Node;
import io.weft.policy.object.ObjectKind;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The policy: what it is, what it would be, and that it should be looked at again. */
@RestController
@RequestMapping("/api/policy")
final class PolicyController {

    private static final int REFRESH_SECONDS = 60;

    private static final int CHECK_SECONDS = 30;

    private final Publisher publisher;
    private final Pipeline pipeline;
    private final Semaphore checking = new Semaphore(1);

    PolicyController(Publisher publisher, Pipeline pipeline) {
        this.publisher = publisher;
        this.pipeline = pipeline;
    }

    /**
     * A policy.
     *
     * @param objects by kind and name, in the policy's own syntax
     * @param documents for each object the document that declares it
     */
    record PolicyView(
            VersionView version,
            @JsonProperty("trust-domain") String trustDomain,
            Map<String, Map<String, Node>> objects,
            Map<String, String> documents,
            List<ProblemView> problems,
            List<ProblemView> warnings,
            List<String> kept) {

        static PolicyView of(Publication published, PolicyState state) {
            var documents = new TreeMap<String, String>();
            published
                    .good()
                    .documents()
                    .forEach((key, file) -> documents.put(key.toString(), file));
            return new PolicyView(
                    VersionView.of(published.version()),
                    published.objects().trustDomain().name(),
                    objects(published),
                    documents,
                    ProblemView.of(state.problems()),
                    ProblemView.of(state.warnings()),
                    Views.names(state.kept()));
        }

        private static Map<String, Map<String, Node>> objects(Publication published) {
            var objects = new TreeMap<String, Map<String, Node>>();
            for (ObjectKind kind : ObjectKind.values()) {
                objects.put(kind.root(), new TreeMap<>());
            }
            published
                    .objects()
                    .byKey()
                    .forEach(
                            (key, object) ->
                                    objects.computeIfAbsent(key.kind().root(), _ -> new TreeMap<>())
                                            .put(key.name(), ObjectWriter.write(object)));
            return objects;
        }
    }

    /** What became of a refresh or a publication. */
    record OutcomeView(
            @Nullable VersionView version,
            List<ProblemView> problems,
            List<ProblemView> warnings,
            @Nullable HeldView held) {

        static OutcomeView of(PolicyState state) {
            Publication published = state.published();
            return new OutcomeView(
                    published == null ? null : VersionView.of(published.version()),
                    ProblemView.of(state.problems()),
                    ProblemView.of(state.warnings()),
                    HeldView.of(state.held()));
        }
    }

    /**
     * What a candidate would do.
     *
     * @param warnings what is not wrong in it but in vain
     * @param kept objects that would stay in force in their last good form
     * @param held whether it would wait to be confirmed
     */
    record CheckView(
            boolean sound,
            List<ProblemView> problems,
            List<ProblemView> warnings,
            ChangesView changes,
            List<String> kept,
            boolean held) {}

    @GetMapping
    PolicyView policy() {
        PolicyState state = publisher.state();
        Publication published = state.published();
        if (published == null) {
            throw new RefusedRequestException(
                    HttpStatus.SERVICE_UNAVAILABLE, "no policy is published yet");
        }
        return PolicyView.of(published, state);
    }

    /** One at a time: a candidate may need as much memory as the policy itself. */
    @PostMapping("/check")
    CheckView check(HttpServletRequest request) throws IOException, InterruptedException {
        if (!checking.tryAcquire(CHECK_SECONDS, TimeUnit.SECONDS)) {
            throw new RefusedRequestException(
                    HttpStatus.SERVICE_UNAVAILABLE, "another candidate is being checked");
        }
        try {
            return show(publisher.check(Candidate.read(request)));
        } finally {
            checking.release();
        }
    }

    private static CheckView show(Publisher.Trial trial) {
        return new CheckView(
                trial.compilation().isSound(),
                ProblemView.of(trial.compilation().problems()),
                ProblemView.of(trial.compilation().warnings()),
                ChangesView.of(trial.changes()),
                Views.names(trial.compilation().kept()),
                trial.wouldBeHeld());
    }

    /** Answers when what the documents say now is in force. */
    @PostMapping("/refresh")
    OutcomeView refresh() throws InterruptedException {
        try {
            return OutcomeView.of(pipeline.refresh().get(REFRESH_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            throw new RefusedRequestException(
                    HttpStatus.GATEWAY_TIMEOUT,
                    "the backends have not answered in " + REFRESH_SECONDS + " s; it goes on");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /**
     * Publishes what is held back.
     *
     * @param intended the hash of what is held, which proves that somebody has seen it
     */
    @PostMapping("/publish")
    OutcomeView publish(@RequestParam String intended) {
        return switch (publisher.confirm(intended)) {
            case Confirmation.Published _ -> OutcomeView.of(publisher.state());
            case Confirmation.NothingHeld() ->
                    throw new RefusedRequestException(HttpStatus.CONFLICT, "nothing is held back");
            case Confirmation.AnotherHeld(Held held) ->
                    throw new RefusedRequestException(
                            HttpStatus.CONFLICT, "what is held back is " + held.hash());
        };
    }
}
