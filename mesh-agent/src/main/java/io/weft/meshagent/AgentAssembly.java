// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weft.dataplane.balance.Cluster;
import io.weft.dataplane.dispatch.Admission;
import io.weft.dataplane.dispatch.Permit;
import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.dispatch.Via;
import io.weft.dataplane.engine.Explanations;
import io.weft.dataplane.engine.IdentityMetric;
import io.weft.dataplane.engine.LocalDelivery;
import io.weft.dataplane.engine.MeshOutbound;
import io.weft.dataplane.engine.PolicyMetric;
import io.weft.dataplane.failure.RefusalLog;
import io.weft.dataplane.http.HttpLimits;
import io.weft.dataplane.identity.AuthServiceTrust;
import io.weft.dataplane.identity.Enrolment;
import io.weft.dataplane.identity.IdentitySettings;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.loop.Workers;
import io.weft.dataplane.server.Listener;
import io.weft.dataplane.server.ListenerSpec;
import io.weft.dataplane.server.MeshDoor;
import io.weft.dataplane.server.RequestHandler;
import io.weft.dataplane.server.ServerSettings;
import io.weft.dataplane.subscription.Subscription;
import io.weft.dataplane.subscription.SubscriptionSettings;
import io.weft.dataplane.telemetry.Exposition;
import io.weft.dataplane.telemetry.Handshakes;
import io.weft.dataplane.telemetry.Series;
import io.weft.dataplane.telemetry.SeriesKey;
import io.weft.dataplane.telemetry.TokenCounts;
import io.weft.dataplane.telemetry.Traffic;
import io.weft.dataplane.token.ApiKeys;
import io.weft.dataplane.token.TokenSettings;
import io.weft.dataplane.token.TokenVerifier;
import io.weft.dataplane.upstream.Endpoint;
import io.weft.dataplane.upstream.UpstreamSettings;
import io.weft.meshagent.admin.AdminHandler;
import io.weft.meshagent.health.AppWatch;
import io.weft.meshagent.health.HealthHandler;
import io.weft.meshagent.settings.AgentSettings;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.Instance;
import io.weft.policy.request.Plane;
import io.weft.policy.service.MutualTls;
import io.weft.policy.service.Service;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The parts of an agent and how they hang together.
 *
 * <pre>
 *   app ──► outbound ──► route ──► balance ──► other agents' inbound
 *   other agents ──► inbound ──► access ──► app
 * </pre>
 */
public final class AgentAssembly implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AgentAssembly.class);
    private static final int MOST_LOOPS = 2;
    private static final Duration APP_POLL = Duration.ofMillis(100);

    private final AgentSettings settings;
    private final Workers workers;
    private final String proxy;
    private final RefusalLog refusals;
    private final Traffic traffic;
    private final WorkloadIdentity identity = new WorkloadIdentity();
    private final Enrolment enrolment;
    private final Handshakes handshakes = new Handshakes();
    private final TokenCounts tokenCounts = new TokenCounts();
    private final TokenVerifier tokens;
    private final Routing routing;
    private final Subscription subscription;
    private final List<Listener> listeners = new ArrayList<>();
    private final AtomicBoolean draining = new AtomicBoolean();
    private @Nullable LocalDelivery delivery;
    private @Nullable AppWatch appWatch;
    private @Nullable Listener inbound;
    private @Nullable Listener outbound;

    private AgentAssembly(AgentSettings settings, int refusalsKept) {
        this.settings = settings;
        this.workers = Workers.start(settings.socketTransport(), loops(settings));
        this.proxy = settings.name() + "-" + randomDigits();
        this.refusals = new RefusalLog(proxy, Clock.systemUTC(), refusalsKept);
        this.traffic = new Traffic(Plane.MESH.label(), workers.count());
        this.routing =
                new Routing(
                        settings.workload(),
                        traffic,
                        upstreamSettings(),
                        identity,
                        workers.count());
        IdentitySettings identitySettings = settings.identitySettings();
        this.tokens =
                new TokenVerifier(
                        new TokenSettings(identitySettings.tokenKeys(), settings.stateDir()),
                        () -> AuthServiceTrust.of(identity),
                        tokenCounts,
                        Clock.systemUTC());
        routing.beforePolicy(policy -> tokens.use(policy.objects().tokens().values()));
        this.enrolment =
                new Enrolment(
                        identitySettings, identity, workers.all().getFirst(), Clock.systemUTC());
        var hello =
                new FeedMessage.Hello(FeedMessage.SCHEMA, proxy, Plane.MESH, settings.workload());
        this.subscription =
                new Subscription(
                        new SubscriptionSettings(settings.controlPlane(), settings.stateDir()),
                        hello,
                        workers.all().getFirst(),
                        identity,
                        routing,
                        tokens.apiKeys());
    }

    /**
     * Starts an agent: it listens and follows the control plane when this returns; whether it is
     * ready, {@code /ready} tells.
     *
     * @throws Listener.ListenException when an address cannot be had
     */
    public static AgentAssembly start(AgentSettings settings) {
        return start(settings, RefusalLog.CAPACITY);
    }

    /** As {@link #start(AgentSettings)}, remembering so many refusals. */
    static AgentAssembly start(AgentSettings settings, int refusalsKept) {
        var agent = new AgentAssembly(settings, refusalsKept);
        try {
            agent.subscription.prepare();
            agent.enrolment.start();
            agent.listen();
            agent.subscription.start();
            agent.watchApplication();
            return agent;
        } catch (RuntimeException e) {
            agent.close();
            throw e;
        }
    }

    private static int loops(AgentSettings settings) {
        int cores = Runtime.getRuntime().availableProcessors();
        return settings.loops() > 0 ? settings.loops() : Math.min(cores, MOST_LOOPS);
    }

    /** As metrics and messages name it. */
    private String workload() {
        return settings.workload().toString();
    }

    private static String randomDigits() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    private UpstreamSettings upstreamSettings() {
        return new UpstreamSettings(
                settings.timeouts().connect(),
                settings.timeouts().idle(),
                settings.timeouts().upstreamKeepAlive(),
                UpstreamSettings.DEFAULT.limits());
    }

    // ---- listeners ------------------------------------------------------------------------------

    private void listen() {
        var registry = new PrometheusRegistry();
        registry.register(traffic);
        registry.register(new PolicyMetric(routing));
        registry.register(new IdentityMetric(identity));
        registry.register(handshakes);
        registry.register(tokenCounts);
        var admission = new Admission(traffic);
        outbound =
                open(
                        "outbound",
                        settings.outbound().address(),
                        settings.outbound().port(),
                        new MeshOutbound(settings.workload(), routing, admission),
                        series(SeriesKey.SOURCE, workload(), "unknown", "_unmatched"),
                        null);
        if (settings.app().port() != null) {
            delivery =
                    new LocalDelivery(
                            routing,
                            admission,
                            tokens,
                            workers.count(),
                            toApplication(appAddress()));
            inbound =
                    open(
                            "inbound",
                            settings.inbound().address(),
                            settings.inbound().port(),
                            delivery,
                            inboundSeries("unknown"),
                            new MeshDoor(identity, this::isPermissive, handshakes));
        }
        Series own = series(SeriesKey.DESTINATION, "unknown", workload(), "_agent");
        open(
                "admin",
                settings.admin().address(),
                settings.admin().port(),
                new AdminHandler(
                        new Explanations(settings.workload(), identity, routing, tokens, refusals),
                        this::beginDrain),
                own,
                null);
        open(
                "health",
                settings.health().address(),
                settings.health().port(),
                new HealthHandler(
                        settings,
                        routing,
                        identity,
                        tokens,
                        this::appAccepts,
                        draining::get,
                        new Exposition(registry)),
                own,
                null);
    }

    /** Whether the policy lets callers in who do not show who they are. */
    private boolean isPermissive() {
        Plan plan = routing.plan();
        Service service =
                plan == null ? null : plan.policy().objects().services().get(settings.workload());
        return service != null && service.mtls() == MutualTls.PERMISSIVE;
    }

    private Listener open(
            String name,
            String address,
            int port,
            RequestHandler handler,
            Series unrouted,
            @Nullable MeshDoor door) {
        var spec =
                new ListenerSpec(
                        name,
                        new InetSocketAddress(address, port),
                        serverSettings(),
                        handler,
                        new Via(proxy + "-" + name, false),
                        unrouted,
                        door,
                        door != null);
        Listener listener =
                Listener.open(spec, workers.group(), workers.transport(), workers.all(), refusals);
        listeners.add(listener);
        LOG.info("{} on {}", name, listener.address());
        return listener;
    }

    private ServerSettings serverSettings() {
        return new ServerSettings(
                new HttpLimits(
                        Math.toIntExact(settings.limits().headerBytes().toBytes()),
                        settings.limits().headers()),
                settings.timeouts().header(),
                settings.timeouts().keepAlive(),
                settings.timeouts().bodyWindow(),
                Math.toIntExact(settings.limits().bodyRate().toBytes()));
    }

    private Series series(String reporter, String source, String destination, String route) {
        String version = settings.version() == null ? "" : settings.version();
        boolean own = destination.equals(workload());
        return traffic.series(
                new SeriesKey(reporter, source, destination, own ? version : "", route));
    }

    private Series inboundSeries(String source) {
        return series(SeriesKey.DESTINATION, source, workload(), "inbound");
    }

    // ---- the application ------------------------------------------------------------------------

    private Function<String, Permit> toApplication(InetSocketAddress address) {
        Cluster application = application(address);
        return source -> Admission.toLocalApplication(application, inboundSeries(source));
    }

    private Cluster application(InetSocketAddress address) {
        var instance =
                new Instance(
                        "app",
                        settings.workload(),
                        new TreeMap<>(),
                        address.getHostString(),
                        address.getPort());
        var endpoint = new Endpoint(instance, address, upstreamSettings(), null, workers.count());
        return new Cluster(workload(), List.of(endpoint));
    }

    private InetSocketAddress appAddress() {
        Integer port = settings.app().port();
        return new InetSocketAddress(settings.app().address(), port == null ? 0 : port);
    }

    private boolean appAccepts() {
        return appWatch == null || appWatch.isAccepting();
    }

    private void watchApplication() {
        if (inbound == null) {
            return;
        }
        Instance instance = instance(inbound.address().getPort());
        appWatch =
                new AppWatch(
                        appAddress(),
                        workers.all().getFirst(),
                        accepting -> onApplication(accepting, instance));
        appWatch.start();
    }

    private void onApplication(boolean accepting, Instance instance) {
        if (draining.get()) {
            return;
        }
        LOG.info("application {} {}", appAddress(), accepting ? "accepts" : "is not there");
        if (accepting) {
            subscription.register(instance);
        } else {
            subscription.deregister();
        }
    }

    private Instance instance(int inboundPort) {
        var labels = new TreeMap<>(settings.labels());
        if (settings.version() != null) {
            labels.put("version", settings.version());
        }
        String id = settings.instance() == null ? proxy : settings.instance();
        return new Instance(
                id, settings.workload(), labels, advertisedAddress(), inboundPort, true);
    }

    private String advertisedAddress() {
        String advertised = settings.advertise().address();
        if (advertised != null) {
            return advertised;
        }
        try {
            InetAddress listening = InetAddress.getByName(settings.inbound().address());
            return listening.isAnyLocalAddress()
                    ? InetAddress.getLocalHost().getHostAddress()
                    : listening.getHostAddress();
        } catch (UnknownHostException e) {
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
    }

    // ---- what others ask for --------------------------------------------------------------------

    /** The listener of that name: outbound, inbound, admin or health. */
    Listener listener(String name) {
        return listeners.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no listener " + name));
    }

    /** The API keys that are good; for tests. */
    ApiKeys apiKeys() {
        return tokens.apiKeys();
    }

    /** What requests are routed by. */
    Routing routing() {
        return routing;
    }

    /** Delivers to an application at another address; for tests. */
    void deliverTo(InetSocketAddress address) {
        if (delivery != null) {
            delivery.deliverTo(toApplication(address));
        }
    }

    RefusalLog refusals() {
        return refusals;
    }

    /** Takes the instance out of service; requests that are being answered end in peace. */
    void beginDrain() {
        drainInbound().subscribe();
    }

    private Mono<Void> drainInbound() {
        return Mono.defer(
                () -> {
                    if (!draining.compareAndSet(false, true)) {
                        return Mono.empty();
                    }
                    LOG.info("draining");
                    subscription.deregister();
                    if (inbound == null) {
                        return Mono.empty();
                    }
                    // Callers that do not know yet may still come for a moment.
                    return Mono.delay(settings.drain().delay())
                            .then(inbound.drain(settings.drain().patience()));
                });
    }

    /**
     * Ends the agent: inbound first, outbound when the application is gone, because it may have
     * calls to make until then.
     */
    public Mono<Void> drain() {
        Duration patience = settings.drain().patience();
        Mono<Void> appGone =
                Flux.interval(APP_POLL)
                        .takeUntil(_ -> appWatch == null || !appWatch.isAccepting())
                        .take(patience)
                        .then();
        Mono<Void> outboundDrained =
                Mono.defer(() -> outbound == null ? Mono.empty() : outbound.drain(patience));
        return drainInbound()
                .then(appGone)
                .then(outboundDrained)
                .then(Mono.fromRunnable(this::close));
    }

    @Override
    public void close() {
        if (appWatch != null) {
            appWatch.stop();
        }
        subscription.close();
        enrolment.close();
        tokens.close();
        listeners.forEach(Listener::close);
        workers.close();
    }
}
