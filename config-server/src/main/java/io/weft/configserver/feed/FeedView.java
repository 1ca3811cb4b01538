// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import io.netty.buffer.ByteBuf;
import io.weft.configserver.publish.Changes;
import io.weft.configserver.publish.Publication;
import io.weft.configserver.registry.Endpoints;
import io.weft.policy.feed.FeedCodec;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.Instance;
import io.weft.policy.feed.WireObject;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.snapshot.PolicyVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told at one moment. A subscriber is not queued messages: when it can take more, it
 * compares what it was told last with the view of that moment, so one that is slow skips what has
 * become old, and holds no memory for being slow.
 */
final class FeedView {

    static final FeedView NOTHING =
            new FeedView(null, null, List.of(), EndpointLines.NONE, KeyLine.NONE);

    /** A subscriber further behind gets a snapshot. */
    private static final int DELTAS_KEPT = 8;

    private static final String EMPTY_ENDPOINTS = "{}}";

    private final @Nullable Publication publication;
    private final @Nullable Line snapshotHead;
    private final List<Step> steps;
    private final EndpointLines endpoints;
    private final KeyLine apiKeys;
    private final Line snapshotTail;

    /** From one version to the next. */
    private record Step(PolicyVersion from, PolicyVersion to, Line line) {}

    /**
     * The API keys.
     *
     * @param line null until they are known
     */
    private record KeyLine(long revision, @Nullable Line line) {
        private static final KeyLine NONE = new KeyLine(0, null);
    }

    /**
     * @param policy the version
     * @param endpoints the revision
     * @param apiKeys the revision
     */
    record Told(PolicyVersion policy, long endpoints, long apiKeys) {
        static final Told NOTHING = new Told(PolicyVersion.NONE, 0, 0);
    }

    private FeedView(
            @Nullable Publication publication,
            @Nullable Line snapshotHead,
            List<Step> steps,
            EndpointLines endpoints,
            KeyLine apiKeys) {
        this.apiKeys = apiKeys;
        this.publication = publication;
        this.snapshotHead = snapshotHead;
        this.steps = steps;
        this.endpoints = endpoints;
        this.snapshotTail = new Line(() -> tail(endpoints));
    }

    FeedView with(Endpoints next) {
        return new FeedView(publication, snapshotHead, steps, endpoints.next(next), apiKeys);
    }

    FeedView with(FeedMessage.ApiKeys next) {
        var line = new Line(() -> FeedCodec.write(next) + "\n");
        return new FeedView(
                publication,
                snapshotHead,
                steps,
                endpoints,
                new KeyLine(apiKeys.revision + 1, line));
    }

    /** The endpoints are those of the services that this publication declares. */
    FeedView with(Publication next, Endpoints declared) {
        var kept = new ArrayList<Step>();
        if (publication != null && publication.version().epoch() == next.version().epoch()) {
            kept.addAll(steps.subList(Math.max(0, steps.size() + 1 - DELTAS_KEPT), steps.size()));
            kept.add(step(publication, next));
        }
        return new FeedView(
                next,
                new Line(() -> head(next)),
                List.copyOf(kept),
                endpoints.next(declared),
                apiKeys);
    }

    private static Step step(Publication before, Publication after) {
        return new Step(
                before.version(),
                after.version(),
                new Line(() -> FeedCodec.write(delta(before, after)) + "\n"));
    }

    private static FeedMessage.Delta delta(Publication before, Publication after) {
        Changes changes = Changes.between(before.objects(), after.objects());
        return new FeedMessage.Delta(
                before.version(),
                after.version(),
                after.objects().trustDomain(),
                Stream.concat(changes.added().stream(), changes.changed().stream())
                        .map(key -> wire(after.objects(), key))
                        .toList(),
                changes.removed());
    }

    private static WireObject wire(PolicyObjects objects, ObjectKey key) {
        return WireObject.of(Objects.requireNonNull(objects.byKey().get(key)));
    }

    /** The policy makes most of a snapshot and changes seldom, so it is encoded by itself. */
    private static String head(Publication publication) {
        PolicyObjects objects = publication.objects();
        List<WireObject> all = objects.byKey().values().stream().map(WireObject::of).toList();
        String line = snapshot(publication.version(), objects.trustDomain(), all, Map.of());
        return line.substring(0, line.length() - EMPTY_ENDPOINTS.length());
    }

    /** What a snapshot ends with, cut from one that has nothing but endpoints. */
    private static String tail(EndpointLines endpoints) {
        var nowhere = TrustDomain.DEFAULT;
        String without = snapshot(PolicyVersion.NONE, nowhere, List.of(), Map.of());
        String with = snapshot(PolicyVersion.NONE, nowhere, List.of(), endpoints.instances());
        return with.substring(without.length() - EMPTY_ENDPOINTS.length()) + "\n";
    }

    /** The codec writes the endpoints last, which {@link #head} and {@link #tail} rely on. */
    private static String snapshot(
            PolicyVersion version,
            TrustDomain trustDomain,
            List<WireObject> objects,
            Map<ServiceName, List<Instance>> endpoints) {
        String line =
                FeedCodec.write(
                        new FeedMessage.Snapshot(
                                FeedMessage.SCHEMA, version, trustDomain, objects, endpoints));
        if (endpoints.isEmpty() && !line.endsWith(EMPTY_ENDPOINTS)) {
            throw new IllegalStateException("a snapshot no longer ends with its endpoints");
        }
        return line;
    }

    @Nullable Publication publication() {
        return publication;
    }

    /** What somebody who was told all this has been told. */
    Told told() {
        return new Told(
                publication == null ? PolicyVersion.NONE : publication.version(),
                endpoints.revision(),
                apiKeys.revision);
    }

    /** Everything that a subscriber has not been told. */
    List<ByteBuf> since(Told told) {
        var messages = new ArrayList<ByteBuf>();
        if (publication == null || snapshotHead == null) {
            return messages;
        }
        // Before the policy, whose rules may ask for them.
        if (told.apiKeys() < apiKeys.revision && apiKeys.line != null) {
            messages.add(apiKeys.line.bytes());
        }
        if (told.policy().equals(publication.version())) {
            endpoints.addSince(told.endpoints(), messages);
        } else if (addSteps(told.policy(), messages)) {
            endpoints.addSince(told.endpoints(), messages);
        } else {
            messages.add(snapshotHead.bytes());
            messages.add(snapshotTail.bytes());
        }
        return messages;
    }

    private boolean addSteps(PolicyVersion from, List<ByteBuf> messages) {
        PolicyVersion reached = from;
        int before = messages.size();
        for (Step step : steps) {
            if (step.from.equals(reached)) {
                messages.add(step.line.bytes());
                reached = step.to;
            }
        }
        return messages.size() > before;
    }
}
