// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import io.netty.buffer.ByteBuf;
import io.weft.configserver.publish.Publication;
import io.weft.configserver.registry.Endpoints;
import io.weft.policy.access.RequiredUser;
import io.weft.policy.feed.FeedCodec;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.object.Protections;
import io.weft.policy.snapshot.PolicyVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told at one moment. A subscriber is not queued messages: when it can take more, it
 * compares what it was told last with the view of that moment, so one that is slow skips what has
 * become old, and holds no memory for being slow.
 */
final class FeedView {

    static final FeedView NOTHING = new FeedView(null, List.of(), EndpointLines.NONE, KeyLine.NONE);

    /** A subscriber further behind gets a snapshot. */
    private static final int DELTAS_KEPT = 8;

    private static final Line NO_KEYS =
            new Line(() -> FeedCodec.write(new FeedMessage.ApiKeys(List.of())) + "\n");

    private final @Nullable Policy policy;
    private final List<Step> steps;
    private final EndpointLines endpoints;
    private final KeyLine apiKeys;
    private final Line snapshotTail;

    /**
     * A version.
     *
     * @param snapshot all but its endpoints
     * @param keyed the services whose rules ask for API keys
     */
    private record Policy(
            Publication publication,
            Protections protections,
            PolicyMessage snapshot,
            Set<ServiceName> keyed) {

        static Policy of(Publication publication) {
            var protections = Protections.of(publication.objects());
            return new Policy(
                    publication,
                    protections,
                    PolicyMessage.snapshot(publication, protections),
                    publication.objects().access().stream()
                            .filter(rule -> rule.user() instanceof RequiredUser.ApiKey)
                            .flatMap(rule -> rule.to().services().stream())
                            .collect(Collectors.toUnmodifiableSet()));
        }

        /** Only who is shown keys needs to know them: the edge, and those whose rules ask. */
        boolean needsKeys(ServiceName workload) {
            return workload.equals(ServiceName.GATEWAY) || keyed.contains(workload);
        }
    }

    /** From one version to the next. */
    private record Step(PolicyVersion from, PolicyVersion to, PolicyMessage delta) {

        static Step between(Policy before, Policy after) {
            return new Step(
                    before.publication.version(),
                    after.publication.version(),
                    PolicyMessage.delta(
                            before.publication,
                            before.protections,
                            after.publication,
                            after.protections));
        }
    }

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
     * @param apiKeys the revision; 0 when it was told none
     */
    record Told(PolicyVersion policy, long endpoints, long apiKeys) {
        static final Told NOTHING = new Told(PolicyVersion.NONE, 0, 0);
    }

    private FeedView(
            @Nullable Policy policy, List<Step> steps, EndpointLines endpoints, KeyLine apiKeys) {
        this.apiKeys = apiKeys;
        this.policy = policy;
        this.steps = steps;
        this.endpoints = endpoints;
        this.snapshotTail = new Line(() -> tail(endpoints));
    }

    FeedView with(Endpoints next) {
        return new FeedView(policy, steps, endpoints.next(next), apiKeys);
    }

    FeedView with(FeedMessage.ApiKeys next) {
        var line = new Line(() -> FeedCodec.write(next) + "\n");
        return new FeedView(policy, steps, endpoints, new KeyLine(apiKeys.revision + 1, line));
    }

    /** The endpoints are those of the services that this publication declares. */
    FeedView with(Publication next, Endpoints declared) {
        var after = Policy.of(next);
        var kept = new ArrayList<Step>();
        if (policy != null && version().epoch() == next.version().epoch()) {
            kept.addAll(steps.subList(Math.max(0, steps.size() + 1 - DELTAS_KEPT), steps.size()));
            kept.add(Step.between(policy, after));
        }
        return new FeedView(after, List.copyOf(kept), endpoints.next(declared), apiKeys);
    }

    /** What a snapshot ends with, cut from one that has nothing but endpoints. */
    private static String tail(EndpointLines endpoints) {
        String without = snapshot(Map.of());
        String with = snapshot(endpoints.instances());
        return with.substring(without.length() - Pieces.OfSnapshot.NO_ENDPOINTS.length()) + "\n";
    }

    private static String snapshot(Map<ServiceName, List<Instance>> endpoints) {
        return FeedCodec.write(
                new FeedMessage.Snapshot(
                        FeedMessage.SCHEMA,
                        PolicyVersion.NONE,
                        TrustDomain.DEFAULT,
                        List.of(),
                        endpoints));
    }

    PolicyVersion version() {
        return policy == null ? PolicyVersion.NONE : policy.publication.version();
    }

    long endpointsRevision() {
        return endpoints.revision();
    }

    /** What a proxy of this workload has been told when it was told all that concerns it. */
    Told told(ServiceName workload) {
        boolean knowsKeys = policy != null && policy.needsKeys(workload);
        return new Told(version(), endpoints.revision(), knowsKeys ? apiKeys.revision : 0);
    }

    /** Everything that concerns a proxy of this workload and that it has not been told. */
    List<ByteBuf> since(Told told, ServiceName workload) {
        var messages = new ArrayList<ByteBuf>();
        if (policy == null) {
            return messages;
        }
        // Before the policy whose rules ask for them, and after the one whose rules did.
        boolean needsKeys = policy.needsKeys(workload);
        if (needsKeys && told.apiKeys() < apiKeys.revision && apiKeys.line != null) {
            messages.add(apiKeys.line.bytes());
        }
        addPolicy(policy, told, workload, messages);
        if (!needsKeys && told.apiKeys() > 0) {
            messages.add(NO_KEYS.bytes());
        }
        return messages;
    }

    private void addPolicy(Policy now, Told told, ServiceName workload, List<ByteBuf> messages) {
        if (told.policy().equals(now.publication.version())) {
            endpoints.addSince(told.endpoints(), messages);
        } else if (addSteps(told.policy(), workload, messages)) {
            endpoints.addSince(told.endpoints(), messages);
        } else {
            now.snapshot.addTo(messages, workload);
            messages.add(snapshotTail.bytes());
        }
    }

    private boolean addSteps(PolicyVersion from, ServiceName workload, List<ByteBuf> messages) {
        PolicyVersion reached = from;
        int before = messages.size();
        for (Step step : steps) {
            if (step.from.equals(reached)) {
                step.delta.addTo(messages, workload);
                reached = step.to;
            }
        }
        return messages.size() > before;
    }
}
