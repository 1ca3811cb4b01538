// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.subscription;

import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.identity.MutualTls;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.loop.Worker;
import io.weft.dataplane.token.ApiKeys;
import io.weft.policy.feed.FeedCodec;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.problem.Problem;
import io.weft.policy.snapshot.PolicyVersion;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Follows the control plane: puts what it says in force, tells it so, and keeps a copy. Without a
 * control plane the proxy goes on with the copy, for as long as it takes; the stream is tried again
 * at short, jittered intervals.
 *
 * <p>Everything but the socket happens on one thread of its own, so that compiling a policy never
 * holds up a request.
 */
public final class Subscription implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
    private static final ServiceName CONTROL_PLANE = ServiceName.parse("config-server");
    private static final long FIRST_RETRY_MILLIS = 50;
    private static final long LONGEST_RETRY_MILLIS = 1_000;

    /** A stream that ended sooner is no reason to come back at once. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long SAVE_DELAY_MILLIS = 200;
    private static final long LONGEST_END_MILLIS = 1_000;

    private final SubscriptionSettings settings;
    private final FeedMessage.Hello hello;
    private final Worker worker;
    private final MutualTls tls;
    private final Routing routing;
    private final ApiKeys apiKeys;
    private final PolicyState state;
    private final SnapshotStore store;

    private final ScheduledExecutorService thread = newThread();
    private final Sinks.Many<PolicyVersion> versions = Sinks.many().replay().latest();

    private boolean prepared;
    private FeedMessage.@Nullable Snapshot kept;
    private @Nullable FeedConnection connection;
    private @Nullable Instance registered;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private long followingSince;
    private boolean reported;
    private boolean savePending;
    private FeedMessage.@Nullable ApiKeys unsavedKeys;
    private volatile boolean connected;
    private volatile boolean closed;

    /**
     * @param hello how this proxy introduces itself
     * @param worker the event loop for the socket
     * @param identity as whom the control plane is asked
     * @param apiKeys get to know which there are
     */
    public Subscription(
            SubscriptionSettings settings,
            FeedMessage.Hello hello,
            Worker worker,
            WorkloadIdentity identity,
            Routing routing,
            ApiKeys apiKeys) {
        this.apiKeys = apiKeys;
        this.settings = settings;
        this.hello = hello;
        this.worker = worker;
        this.tls = new MutualTls(identity, CONTROL_PLANE);
        this.routing = routing;
        this.state = new PolicyState(hello.plane(), routing);
        this.store = new SnapshotStore(settings.stateDirectory());
    }

    /** Once it is shut down, what still comes is dropped: there is nobody to hear it. */
    private static ScheduledExecutorService newThread() {
        var thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform().name("weft-control").daemon().factory(),
                        new ThreadPoolExecutor.DiscardPolicy());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return thread;
    }

    /** Begins to read the kept copy, while the caller does what has to come before the start. */
    public void prepare() {
        if (!prepared) {
            prepared = true;
            run(() -> store.loadApiKeys().ifPresent(keys -> apiKeys.replace(keys.keys())));
            run(() -> kept = store.load().orElse(null));
        }
    }

    /** Puts the kept copy in force, if there is one, and begins to follow. */
    public void start() {
        prepare();
        run(this::restore);
        run(this::connect);
    }

    /** What fails costs itself, and is seen; without this the thread would swallow it. */
    private void run(Runnable task) {
        thread.execute(() -> guarded(task));
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("failed to follow the control plane, asking anew", e);
            reconnect();
        }
    }

    /** The versions that come into force, the newest first for a late subscriber. */
    public Flux<PolicyVersion> versions() {
        return versions.asFlux();
    }

    /** Whether the stream to the control plane stands. */
    public boolean isConnected() {
        return connected;
    }

    /** Announces an instance, now and after every reconnection, until it is withdrawn. */
    public void register(Instance instance) {
        run(
                () -> {
                    registered = instance;
                    send(new FeedMessage.Register(instance));
                });
    }

    /** Withdraws the instance: it is to get no further requests. */
    public void deregister() {
        run(
                () -> {
                    Instance instance = registered;
                    if (instance != null) {
                        registered = null;
                        send(new FeedMessage.Deregister(instance.id()));
                    }
                });
    }

    /**
     * Ends the stream and writes what is not yet on disk, which this waits for, but not for long.
     * Closing twice is closing once.
     */
    @Override
    public void close() {
        closed = true;
        run(this::end);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LONGEST_END_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("left before the policy was on disk");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        reconnect();
        save();
    }

    private void restore() {
        FeedMessage.Snapshot snapshot = kept;
        kept = null;
        if (snapshot == null) {
            return;
        }
        List<Problem> problems = state.replace(snapshot);
        problems.forEach(problem -> LOG.warn("in the kept policy: {}", problem));
        LOG.info("policy {} restored from disk", snapshot.version());
        versions.tryEmitNext(snapshot.version());
    }

    private void connect() {
        if (!closed) {
            FeedConnection.open(settings.controlPlane(), worker, tls, new Stream());
        }
    }

    private void send(FeedMessage.FromProxy message) {
        if (connection != null) {
            connection.send(message);
        }
    }

    private void onOpened(FeedConnection opened) {
        connection = opened;
        opened.send(hello);
        if (registered != null) {
            opened.send(new FeedMessage.Register(registered));
        }
    }

    private void onLine(String line) {
        try {
            FeedMessage.FromControlPlane message = FeedCodec.readFromControlPlane(line);
            if (!connected) {
                connected = true;
                reported = false;
                followingSince = System.nanoTime();
                LOG.info("following {}", settings.controlPlane());
            }
            switch (message) {
                case FeedMessage.Snapshot snapshot -> onSnapshot(snapshot);
                case FeedMessage.Delta delta -> onDelta(delta);
                case FeedMessage.Endpoints(var service, var instances) -> {
                    routing.endpoints(service, instances);
                    saveSoon();
                }
                case FeedMessage.ApiKeys known -> {
                    apiKeys.replace(known.keys());
                    unsavedKeys = known;
                    saveSoon();
                }
                case FeedMessage.Heartbeat _ -> {}
            }
        } catch (FeedCodec.UnreadableMessageException e) {
            LOG.error("the control plane sent something unreadable, asking anew", e);
            reconnect();
        }
    }

    private void onSnapshot(FeedMessage.Snapshot snapshot) {
        if (snapshot.schema() > FeedMessage.SCHEMA) {
            LOG.error(
                    "the control plane speaks schema {}, this proxy up to {}: policy {} stays",
                    snapshot.schema(),
                    FeedMessage.SCHEMA,
                    state.version());
            return;
        }
        if (snapshot.version().compareTo(state.version()) < 0) {
            LOG.error(
                    "the control plane offers policy {}, older than {} which is in force: it stays",
                    snapshot.version(),
                    state.version());
            send(
                    new FeedMessage.Refuse(
                            snapshot.version(), List.of("older than " + state.version())));
            routing.endpoints(snapshot.endpoints());
            return;
        }
        applied(snapshot.version(), state.replace(snapshot));
    }

    private void onDelta(FeedMessage.Delta delta) {
        if (state.isBaseOf(delta)) {
            applied(delta.version(), state.apply(delta));
        } else {
            LOG.info("policy {} does not follow {}, asking anew", delta.version(), state.version());
            reconnect();
        }
    }

    private void applied(PolicyVersion version, List<Problem> problems) {
        if (problems.isEmpty()) {
            send(new FeedMessage.Acknowledge(version));
        } else {
            List<String> lines = problems.stream().map(Problem::toString).toList();
            lines.forEach(line -> LOG.warn("not understood, left as it was: {}", line));
            send(new FeedMessage.Refuse(version, lines));
        }
        LOG.info("policy {} ({}) in force", version, version.hash());
        versions.tryEmitNext(version);
        saveSoon();
    }

    private void reconnect() {
        if (connection != null) {
            connection.close();
        }
    }

    private void onClosed(String reason) {
        if (connected && System.nanoTime() - followingSince > STEADY_NANOS) {
            retryMillis = FIRST_RETRY_MILLIS;
        }
        connection = null;
        connected = false;
        if (closed) {
            return;
        }
        if (!reported) {
            LOG.warn(
                    "control plane {} is away ({}); going on with policy {}",
                    settings.controlPlane(),
                    reason,
                    state.version());
            reported = true;
        }
        long delay = retryMillis / 2 + ThreadLocalRandom.current().nextLong(retryMillis / 2 + 1);
        retryMillis = Math.min(LONGEST_RETRY_MILLIS, retryMillis * 2);
        thread.schedule(() -> guarded(this::connect), delay, TimeUnit.MILLISECONDS);
    }

    /** Changes often come in groups: one write for all of them. */
    private void saveSoon() {
        if (!savePending && !closed) {
            savePending = true;
            thread.schedule(this::save, SAVE_DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void save() {
        if (savePending) {
            savePending = false;
            store.save(state.toSnapshot());
            if (unsavedKeys != null) {
                store.save(unsavedKeys);
                unsavedKeys = null;
            }
        }
    }

    /** Brings everything that comes from the socket onto the thread. */
    private final class Stream implements FeedConnection.Listener {
        @Override
        public void opened(FeedConnection opened) {
            if (closed) {
                opened.close();
            }
            run(() -> onOpened(opened));
        }

        @Override
        public void line(String line) {
            run(() -> onLine(line));
        }

        @Override
        public void closed(String reason) {
            run(() -> onClosed(reason));
        }
    }
}
