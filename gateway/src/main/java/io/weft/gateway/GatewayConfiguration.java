// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import io.netty.channel.EventLoopGroup;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weft.dataplane.dispatch.Admission;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.dispatch.Via;
import io.weft.dataplane.engine.Explanations;
import io.weft.dataplane.engine.IdentityMetric;
import io.weft.dataplane.engine.PolicyMetric;
import io.weft.dataplane.failure.RefusalLog;
import io.weft.dataplane.http.HttpLimits;
import io.weft.dataplane.identity.AuthServiceTrust;
import io.weft.dataplane.identity.Enrolment;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.loop.Transport;
import io.weft.dataplane.loop.Workers;
import io.weft.dataplane.server.ServerSettings;
import io.weft.dataplane.subscription.Subscription;
import io.weft.dataplane.subscription.SubscriptionSettings;
import io.weft.dataplane.telemetry.Series;
import io.weft.dataplane.telemetry.SeriesKey;
import io.weft.dataplane.telemetry.TokenCounts;
import io.weft.dataplane.telemetry.Traffic;
import io.weft.dataplane.token.TokenSettings;
import io.weft.dataplane.token.TokenVerifier;
import io.weft.dataplane.upstream.UpstreamSettings;
import io.weft.gateway.control.ControlPlaneLink;
import io.weft.gateway.control.ExplainEndpoint;
import io.weft.gateway.control.PolicyEndpoint;
import io.weft.gateway.control.PolicyHealthIndicator;
import io.weft.gateway.dispatch.DispatchFilter;
import io.weft.gateway.dispatch.WriteResponseFilter;
import io.weft.gateway.edge.Edge;
import io.weft.gateway.edge.EdgeDrain;
import io.weft.gateway.exchange.AdmissionFilter;
import io.weft.gateway.exchange.ErrorHandler;
import io.weft.gateway.exchange.Gate;
import io.weft.gateway.exchange.Invitation;
import io.weft.gateway.exchange.Refusals;
import io.weft.gateway.route.ApiKeysFilter;
import io.weft.gateway.route.NamedFilters;
import io.weft.gateway.route.OpenRoutesFilter;
import io.weft.gateway.route.PolicyChain;
import io.weft.gateway.route.RuleFilters;
import io.weft.gateway.route.SnapshotHandlerMapping;
import io.weft.gateway.route.ViaFilter;
import io.weft.gateway.settings.GatewaySettings;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Plane;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

/**
 * The gateway, in the order in which a request comes by.
 *
 * <pre>
 *   client ──► {@link Edge} ──► {@link SnapshotHandlerMapping} ─┬─► {@link PolicyChain} ──► engine
 *                                                     └─► the user's own Spring routes
 * </pre>
 */
@AutoConfiguration(
        beforeName = {
            "org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration",
            "org.springframework.cloud.gateway.config.GatewayAutoConfiguration"
        })
@EnableConfigurationProperties(GatewaySettings.class)
class GatewayConfiguration {

    /** The edge is a workload like any other: access rules name it. */
    private static final ServiceName WORKLOAD = ServiceName.GATEWAY;

    private static final int MOST_LOOPS = 64;

    // ---- the engine's parts ---------------------------------------------------------------------

    /** The name under which this process is known to the mesh. */
    record ProxyName(String text) {}

    @Bean
    ProxyName proxyName() {
        return new ProxyName(
                WORKLOAD + "-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()));
    }

    @Bean
    Workers workers() {
        int cores = Runtime.getRuntime().availableProcessors();
        return Workers.start(Transport.byDefault(), Math.clamp(cores, 1, MOST_LOOPS));
    }

    /**
     * Spring's servers and clients run on the engine's event loops, each request on one of them.
     */
    @Bean
    ReactorResourceFactory reactorResourceFactory(Workers workers) {
        LoopResources loops = _ -> workers.group();
        var resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResourcesSupplier(() -> loops);
        return resources;
    }

    @Bean
    HttpClientCustomizer onTheLoopOfTheRequest(Workers workers) {
        LoopResources loops =
                new LoopResources() {
                    @Override
                    public EventLoopGroup onServer(boolean useNative) {
                        return workers.group();
                    }

                    @Override
                    public EventLoopGroup onClient(boolean useNative) {
                        return LoopResources.colocate(workers.group());
                    }
                };
        return client -> client.runOn(loops);
    }

    @Bean
    Traffic traffic(Workers workers) {
        return new Traffic(Plane.EDGE.label(), workers.count());
    }

    /** Counts requests that fail before there is a route for them. */
    @Bean
    Series unrouted(Traffic traffic) {
        return traffic.series(
                new SeriesKey(SeriesKey.SOURCE, WORKLOAD.toString(), "unknown", "", "_unmatched"));
    }

    @Bean
    @ConditionalOnMissingBean
    RefusalLog refusalLog(ProxyName proxy) {
        return new RefusalLog(proxy.text, Clock.systemUTC(), RefusalLog.CAPACITY);
    }

    @Bean
    Refusals refusals(RefusalLog log, Series unrouted, ObjectProvider<Invitation> invitation) {
        return new Refusals(log, unrouted, invitation.getIfAvailable(() -> Invitation.NONE));
    }

    @Bean
    Via via(ProxyName proxy) {
        return new Via(proxy.text, true);
    }

    // ---- 1. the connection: read as strictly as an agent reads ----------------------------------

    @Bean
    Edge edge(
            GatewaySettings settings,
            Workers workers,
            Via via,
            RefusalLog refusals,
            Series unrouted) {
        return new Edge(
                serverSettings(settings),
                workers,
                via,
                refusals,
                unrouted,
                settings.trustedNetworks());
    }

    private static ServerSettings serverSettings(GatewaySettings settings) {
        GatewaySettings.Limits limits = settings.limits();
        GatewaySettings.Timeouts timeouts = settings.timeouts();
        return new ServerSettings(
                new HttpLimits(Math.toIntExact(limits.headerBytes().toBytes()), limits.headers()),
                timeouts.header(),
                timeouts.keepAlive(),
                timeouts.bodyWindow(),
                Math.toIntExact(limits.bodyRate().toBytes()));
    }

    @Bean
    GuardedServer guardedServer(Edge edge) {
        return new GuardedServer(edge);
    }

    /** Puts the edge in front of the codec. */
    record GuardedServer(Edge edge)
            implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, Ordered {
        @Override
        public void customize(NettyReactiveWebServerFactory factory) {
            factory.addServerCustomizers(edge::guard);
        }

        @Override
        public int getOrder() {
            return RequestPath.GUARD.order();
        }
    }

    // ---- 2. the route: the policy's, or else the user's own -------------------------------------

    @Bean
    WorkloadIdentity workloadIdentity() {
        return new WorkloadIdentity();
    }

    @Bean
    Routing routing(
            GatewaySettings settings, Traffic traffic, WorkloadIdentity identity, Workers workers) {
        GatewaySettings.Timeouts timeouts = settings.timeouts();
        var upstream =
                new UpstreamSettings(
                        timeouts.connect(),
                        timeouts.idle(),
                        timeouts.upstreamKeepAlive(),
                        UpstreamSettings.DEFAULT.limits());
        return new Routing(WORKLOAD, traffic, upstream, identity, workers.count());
    }

    @Bean
    SnapshotHandlerMapping snapshotHandlerMapping(
            Edge edge, Routing routing, RuleFilters chains, Refusals refusals) {
        return new SnapshotHandlerMapping(
                edge, routing, chains, refusals, RequestPath.POLICY_MAPPING.order());
    }

    @Bean
    OpenRoutesFilter openRoutesFilter(GatewaySettings settings, Edge edge, Refusals refusals) {
        return new OpenRoutesFilter(
                settings.openRoutes(), edge, refusals, RequestPath.OPEN_ROUTES.order());
    }

    @Bean
    ApiKeysFilter apiKeysFilter() {
        return new ApiKeysFilter();
    }

    @Bean
    ViaFilter viaFilter(ProxyName proxy) {
        return new ViaFilter(proxy.text);
    }

    // ---- 3. the chain of policy routes: access, filters, dispatch -------------------------------

    @Bean
    TokenCounts tokenCounts() {
        return new TokenCounts();
    }

    @Bean
    TokenVerifier tokenVerifier(
            GatewaySettings settings,
            WorkloadIdentity identity,
            TokenCounts counts,
            Routing routing) {
        var tokens =
                new TokenVerifier(
                        new TokenSettings(
                                settings.identitySettings().tokenKeys(), settings.stateDir()),
                        () -> AuthServiceTrust.of(identity),
                        counts,
                        Clock.systemUTC());
        routing.beforePolicy(policy -> tokens.use(policy.objects().tokens().values()));
        return tokens;
    }

    @Bean
    Gate gate(Traffic traffic, TokenVerifier tokens, Series unrouted) {
        return new Gate(new Admission(traffic), tokens, unrouted);
    }

    @Bean
    PolicyChain policyChain(
            List<GlobalFilter> globalFilters, Gate gate, Refusals refusals, Via via) {
        return new PolicyChain(
                globalFilters,
                at(RequestPath.ADMISSION, new AdmissionFilter(gate, refusals)),
                List.of(
                        at(RequestPath.WRITE_RESPONSE, new WriteResponseFilter()),
                        at(RequestPath.DISPATCH, new DispatchFilter(gate, via, refusals))));
    }

    /** Filters that rules name stand among the others, between admission and dispatch. */
    @Bean
    RuleFilters ruleFilters(
            ListableBeanFactory beans,
            ConfigurationService configuration,
            PolicyChain chain,
            Refusals refusals,
            Routing routing) {
        var filters = new RuleFilters(new NamedFilters(beans, configuration), chain, refusals);
        routing.beforePolicy(filters::use);
        return filters;
    }

    private static OrderedGatewayFilter at(RequestPath place, GatewayFilter filter) {
        return new OrderedGatewayFilter(filter, place.order());
    }

    @Bean
    ErrorHandler errorHandler(Edge edge, Refusals refusals) {
        return new ErrorHandler(edge, refusals, RequestPath.ERRORS.order());
    }

    // ---- beside the path: what is followed, shown and ended -------------------------------------

    @Bean(destroyMethod = "")
    Enrolment enrolment(GatewaySettings settings, WorkloadIdentity identity, Workers workers) {
        return new Enrolment(
                settings.identitySettings(), identity, workers.all().getFirst(), Clock.systemUTC());
    }

    @Bean(destroyMethod = "")
    Subscription subscription(
            GatewaySettings settings,
            ProxyName proxy,
            Workers workers,
            WorkloadIdentity identity,
            TokenVerifier tokens,
            Routing routing) {
        return new Subscription(
                new SubscriptionSettings(settings.controlPlane(), settings.stateDir()),
                new FeedMessage.Hello(FeedMessage.SCHEMA, proxy.text, Plane.EDGE, WORKLOAD),
                workers.all().getFirst(),
                identity,
                routing,
                tokens.apiKeys());
    }

    @Bean
    ControlPlaneLink controlPlaneLink(Enrolment enrolment, Subscription subscription) {
        return new ControlPlaneLink(enrolment, subscription, RequestPath.FOLLOW.order());
    }

    @Bean
    EdgeDrain edgeDrain(Edge edge, GatewaySettings settings) {
        return new EdgeDrain(edge, settings.drain(), RequestPath.DRAIN.order());
    }

    @Bean
    PolicyHealthIndicator policyHealthIndicator(
            Routing routing,
            WorkloadIdentity identity,
            TokenVerifier tokens,
            Subscription subscription,
            RuleFilters filters) {
        return new PolicyHealthIndicator(
                routing, identity, tokens, subscription, filters::problems);
    }

    @Bean
    Explanations explanations(
            WorkloadIdentity identity, Routing routing, TokenVerifier tokens, RefusalLog refusals) {
        return new Explanations(WORKLOAD, identity, routing, tokens, refusals);
    }

    @Bean
    PolicyEndpoint policyEndpoint(Explanations explanations) {
        return new PolicyEndpoint(explanations);
    }

    @Bean
    ExplainEndpoint explainEndpoint(Explanations explanations) {
        return new ExplainEndpoint(explanations);
    }

    /** One registry for Micrometer's meters and the engine's counters. */
    @Bean
    PrometheusRegistry prometheusRegistry(
            Traffic traffic, WorkloadIdentity identity, TokenCounts tokens, Routing routing) {
        var registry = new PrometheusRegistry();
        registry.register(traffic);
        registry.register(new PolicyMetric(routing));
        registry.register(new IdentityMetric(identity));
        registry.register(tokens);
        return registry;
    }
}
