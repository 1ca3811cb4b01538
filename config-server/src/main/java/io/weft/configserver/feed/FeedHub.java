// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import io.netty.channel.Channel;
import io.weft.configserver.publish.Publication;
import io.weft.configserver.registry.Endpoints;
import io.weft.configserver.registry.Registry;
import io.weft.configserver.registry.Registry.RefusedInstanceException;
import io.weft.configserver.registry.StreamId;
import io.weft.configserver.time.Ticker;
import io.weft.configserver.time.Uptime;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.FeedMessage.Acknowledge;
import io.weft.policy.feed.FeedMessage.Deregister;
import io.weft.policy.feed.FeedMessage.FromProxy;
import io.weft.policy.feed.FeedMessage.Heartbeat;
import io.weft.policy.feed.FeedMessage.Hello;
import io.weft.policy.feed.FeedMessage.Refuse;
import io.weft.policy.feed.FeedMessage.Register;
import io.weft.policy.feed.Instance;
import io.weft.policy.snapshot.PolicyVersion;
import java.net.SocketAddress;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All subscribers, and what they are to be told. */
public final class FeedHub {

    private static final Logger log = LoggerFactory.getLogger(FeedHub.class);

    private final Registry registry;
    private final Consumer<PolicyVersion> heardOf;
    private final FeedMetrics metrics;
    private final Uptime uptime;
    private final Ticker ticker;
    private final Clock clock;
    private final AtomicLong streamNumbers = new AtomicLong();
    private final Map<StreamId, FeedStream> streams = new ConcurrentHashMap<>();
    private volatile FeedView view = FeedView.NOTHING;
    private volatile long published;

    /**
     * @param heardOf takes note of the versions that proxies have in force; must not wait
     */
    public FeedHub(
            Registry registry,
            Consumer<PolicyVersion> heardOf,
            FeedMetrics metrics,
            Uptime uptime,
            Ticker ticker,
            Clock clock) {
        this.registry = registry;
        this.heardOf = heardOf;
        this.metrics = metrics;
        this.uptime = uptime;
        this.ticker = ticker;
        this.clock = clock;
    }

    /** Tells everybody a new version, and the endpoints of the services it declares. */
    public synchronized void publish(Publication publication) {
        published = ticker.nanos();
        view = view.with(publication, registry.declare(publication.objects().services().keySet()));
        metrics.published(publication.version());
        streams.values().forEach(FeedStream::wake);
    }

    /** Tells everybody new endpoints. */
    public synchronized void tell(Endpoints endpoints) {
        if (endpoints.revision() > view.endpointsRevision()) {
            view = view.with(endpoints);
            streams.values().forEach(FeedStream::wake);
        }
    }

    /** Tells everybody the API keys. */
    public synchronized void tell(FeedMessage.ApiKeys keys) {
        view = view.with(keys);
        streams.values().forEach(FeedStream::wake);
    }

    /** Looks after the clock; to be called with every beat. */
    public void sweep() {
        streams.values().forEach(FeedStream::sweep);
    }

    /** Every proxy that has said who it is, in the order of their names. */
    public List<Subscriber> subscribers() {
        return streams.values().stream()
                .map(FeedStream::subscriber)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(each -> each.hello().proxy()))
                .toList();
    }

    FeedView view() {
        return view;
    }

    long uptime() {
        return uptime.nanos();
    }

    int size() {
        return streams.size();
    }

    FeedStream open(Channel channel) {
        var stream = new FeedStream(new StreamId(streamNumbers.incrementAndGet()), channel, this);
        streams.put(stream.id(), stream);
        return stream;
    }

    /** A proxy has one stream: one that connects again has lost the other without our noticing. */
    Subscriber welcome(FeedStream stream, Hello hello, SocketAddress address) {
        log.info(
                "{} ({} proxy of {}) subscribes from {}",
                Shown.text(hello.proxy()),
                hello.plane().label(),
                hello.workload(),
                address);
        for (FeedStream other : streams.values()) {
            Subscriber known = other.subscriber();
            if (known != null && known.isSameProxy(hello)) {
                other.close(409, "it subscribed again from " + address);
            }
        }
        return new Subscriber(
                hello, address, PolicyVersion.NONE, List.of(), clock.instant(), ticker.nanos());
    }

    Subscriber receive(FeedStream stream, Subscriber from, FromProxy message) {
        return switch (message) {
            case Register(Instance instance) -> {
                register(stream, from, instance);
                yield from;
            }
            case Deregister(String instance) -> {
                registry.deregister(stream.id(), instance);
                yield from;
            }
            case Acknowledge(PolicyVersion version) -> reached(from, version, List.of());
            case Refuse(PolicyVersion version, List<String> problems) -> {
                log.warn(
                        "{} refuses part of {}: {}",
                        Shown.text(from.hello().proxy()),
                        version,
                        Shown.text(String.join("; ", problems)));
                yield reached(from, version, problems);
            }
            case Heartbeat _ -> from;
            case Hello _ -> {
                stream.close(400, "hello twice");
                yield from;
            }
        };
    }

    private void register(FeedStream stream, Subscriber from, Instance instance) {
        try {
            if (!instance.service().equals(from.hello().workload())) {
                log.warn(
                        "{} is a proxy of {} and may not register an instance of {}",
                        Shown.text(from.hello().proxy()),
                        from.hello().workload(),
                        instance.service());
                return;
            }
            registry.register(stream.id(), instance);
        } catch (RefusedInstanceException e) {
            log.warn("{}: {}", Shown.text(from.hello().proxy()), Shown.text(e.getMessage() + ""));
        }
    }

    private Subscriber reached(Subscriber from, PolicyVersion version, List<String> problems) {
        heardOf.accept(version);
        PolicyVersion current = view.version();
        long since = published;
        if (version.equals(current)
                && !from.version().equals(version)
                && from.connected() - since < 0) {
            metrics.propagated(ticker.nanos() - since);
        }
        return from.reached(version, problems, clock.instant());
    }

    void leave(FeedStream stream) {
        streams.remove(stream.id());
        registry.lost(stream.id(), stream.lastHeard());
    }

    /** Whom to trust has changed. */
    void recheck(FeedDoor door) {
        streams.values().forEach(each -> each.recheck(door));
    }

    void finish() {
        streams.values().forEach(FeedStream::finish);
    }
}
