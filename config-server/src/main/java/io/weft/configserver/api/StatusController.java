// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.weft.configserver.api.Views.HeldView;
import io.weft.configserver.api.Views.ProblemView;
import io.weft.configserver.api.Views.VersionView;
import io.weft.configserver.feed.FeedHub;
import io.weft.configserver.feed.Subscriber;
import io.weft.configserver.publish.PolicyState;
import io.weft.configserver.publish.Publication;
import io.weft.configserver.publish.Publisher;
import io.weft.configserver.registry.Entry;
import io.weft.configserver.registry.Entry.Keeper;
import io.weft.configserver.registry.Registry;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.snapshot.PolicyVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who runs which version, and what stands in the way. */
@RestController
@RequestMapping("/api/policy/status")
final class StatusController {

    private final Publisher publisher;
    private final FeedHub hub;
    private final Registry registry;

    StatusController(Publisher publisher, FeedHub hub, Registry registry) {
        this.publisher = publisher;
        this.hub = hub;
        this.registry = registry;
    }

    /**
     * All of it.
     *
     * @param warnings what is not wrong in the documents but in vain
     * @param kept objects in force in an earlier form than the documents'
     * @param ignored documents for profiles that are not active
     * @param held what waits to be confirmed
     */
    record StatusView(
            @Nullable VersionView version,
            @Nullable Instant since,
            List<ProblemView> problems,
            List<ProblemView> warnings,
            List<String> kept,
            List<String> ignored,
            @Nullable HeldView held,
            List<SubscriberView> subscribers,
            List<InstanceView> instances) {}

    /**
     * A proxy.
     *
     * @param version null until it has acknowledged one
     * @param state current, behind, or refusing part of its version
     */
    record SubscriberView(
            String proxy,
            String plane,
            String workload,
            @Nullable VersionView version,
            String state,
            List<String> refused,
            Instant since,
            String address) {

        static SubscriberView of(Subscriber subscriber, PolicyVersion current) {
            PolicyVersion version = subscriber.version();
            return new SubscriberView(
                    subscriber.hello().proxy(),
                    subscriber.hello().plane().label(),
                    subscriber.hello().workload().toString(),
                    version.equals(PolicyVersion.NONE) ? null : VersionView.of(version),
                    state(subscriber, current),
                    subscriber.refused(),
                    subscriber.since(),
                    subscriber.address().toString().replaceFirst("^/", ""));
        }

        private static String state(Subscriber subscriber, PolicyVersion current) {
            if (!subscriber.version().equals(current)) {
                return "behind";
            }
            return subscriber.refused().isEmpty() ? "current" : "refusing";
        }
    }

    /**
     * An instance.
     *
     * @param keptBy stream, lease (it is lost and goes soon), settings or discovery
     * @param declared whether the policy knows its service; proxies hear of it only then
     */
    record InstanceView(
            String id,
            String service,
            Map<String, String> labels,
            String host,
            int port,
            @JsonProperty("kept-by") String keptBy,
            boolean declared) {

        static InstanceView of(Entry entry, Set<ServiceName> declared) {
            var instance = entry.instance();
            return new InstanceView(
                    instance.id(),
                    instance.service().toString(),
                    instance.labels(),
                    instance.host(),
                    instance.port(),
                    keeper(entry.keeper()),
                    declared.contains(instance.service()));
        }

        private static String keeper(Keeper keeper) {
            return switch (keeper) {
                case Keeper.Stream _ -> "stream";
                case Keeper.Lease _ -> "lease";
                case Keeper.Settings _ -> "settings";
                case Keeper.Discovery _ -> "discovery";
            };
        }
    }

    @GetMapping
    StatusView status() {
        PolicyState state = publisher.state();
        Publication published = state.published();
        PolicyVersion current = published == null ? PolicyVersion.NONE : published.version();
        Set<ServiceName> declared = registry.declared();
        return new StatusView(
                published == null ? null : VersionView.of(current),
                published == null ? null : published.since(),
                ProblemView.of(state.problems()),
                ProblemView.of(state.warnings()),
                Views.names(state.kept()),
                state.ignored(),
                HeldView.of(state.held()),
                hub.subscribers().stream().map(s -> SubscriberView.of(s, current)).toList(),
                registry.entries().stream().map(e -> InstanceView.of(e, declared)).toList());
    }
}
