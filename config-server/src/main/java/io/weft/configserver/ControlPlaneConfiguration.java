// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver;

import io.micrometer.core.instrument.MeterRegistry;
import io.weft.configserver.api.ApiConfiguration;
import io.weft.configserver.apikey.ApiKeyFollower;
import io.weft.configserver.feed.FeedHub;
import io.weft.configserver.feed.FeedMetrics;
import io.weft.configserver.feed.FeedServer;
import io.weft.configserver.fetch.FetchConfiguration;
import io.weft.configserver.operate.OperateConfiguration;
import io.weft.configserver.operate.OperatorSettings;
import io.weft.configserver.publish.Pipeline;
import io.weft.configserver.publish.PolicyStore;
import io.weft.configserver.publish.Publisher;
import io.weft.configserver.registry.Discovery;
import io.weft.configserver.registry.InstanceStore;
import io.weft.configserver.registry.Registry;
import io.weft.configserver.registry.RegistryLoop;
import io.weft.configserver.source.PolicySource;
import io.weft.configserver.state.StateDirectory;
import io.weft.configserver.time.Ticker;
import io.weft.configserver.time.Uptime;
import io.weft.dataplane.identity.AuthClient;
import io.weft.dataplane.identity.Enrolment;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.loop.Transport;
import io.weft.dataplane.loop.Workers;
import io.weft.dataplane.token.TokenSettings;
import java.io.IOException;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.config.server.environment.SearchPathCompositeEnvironmentRepository;
import org.springframework.cloud.config.server.environment.SearchPathLocator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The control plane, from the documents to the proxies. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ControlPlaneProperties.class)
@Import({FetchConfiguration.class, OperateConfiguration.class, ApiConfiguration.class})
class ControlPlaneConfiguration {

    private static final String POLICY = "policy.ndjson";

    private static final String API_KEYS = "api-keys.ndjson";

    private static final String INSTANCES = "instances.ndjson";

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Ticker ticker() {
        return Ticker.SYSTEM;
    }

    @Bean
    Uptime uptime(Ticker ticker) {
        return new Uptime(ticker);
    }

    /** What survives a restart. */
    @Bean
    StateDirectory stateDirectory(ControlPlaneProperties properties) {
        return StateDirectory.open(properties.stateDir());
    }

    /** The documents, wherever Config Server locates them. */
    @Bean
    PolicySource policySource(
            ObjectProvider<SearchPathLocator> locators,
            ControlPlaneProperties properties,
            Ticker ticker) {
        var backends =
                locators.orderedStream()
                        .filter(each -> !(each instanceof SearchPathCompositeEnvironmentRepository))
                        .toList();
        return new PolicySource(backends, properties.policy(), ticker);
    }

    /** Documents to versions. */
    @Bean
    Publisher publisher(StateDirectory state, ControlPlaneProperties properties, Clock clock) {
        var store = new PolicyStore(state.file(POLICY));
        return new Publisher(store, properties.policy().profiles(), clock);
    }

    /** Whenever the documents change. */
    @Bean
    Pipeline pipeline(PolicySource source, ControlPlaneProperties properties, Publisher publisher)
            throws IOException {
        return new Pipeline(source, properties.policy(), publisher);
    }

    /** Instances of the services. */
    @Bean
    Registry registry(Uptime uptime) {
        return new Registry(uptime);
    }

    @Bean
    InstanceStore instanceStore(StateDirectory state) {
        return new InstanceStore(state.file(INSTANCES));
    }

    @Bean
    Discovery discovery(ObjectProvider<DiscoveryClient> clients, Registry registry) {
        return Discovery.of(clients.orderedStream().toList(), registry);
    }

    /** What every proxy is told. */
    @Bean
    FeedHub feedHub(
            Registry registry,
            Pipeline pipeline,
            MeterRegistry meters,
            Uptime uptime,
            Ticker ticker,
            Clock clock) {
        var metrics = new FeedMetrics(meters);
        var hub = new FeedHub(registry, pipeline::heardOf, metrics, uptime, ticker, clock);
        metrics.follow(hub);
        return hub;
    }

    @Bean
    RegistryLoop registryLoop(
            Registry registry,
            InstanceStore store,
            ControlPlaneProperties properties,
            Discovery discovery,
            FeedHub hub) {
        return new RegistryLoop(registry, store, properties.registry(), discovery, hub::tell);
    }

    /** Where proxies connect. */
    @Bean
    FeedServer feedServer(
            ControlPlaneProperties properties, FeedHub hub, WorkloadIdentity identity) {
        return new FeedServer(properties.feed(), hub, identity);
    }

    /** Who the config server is, to proxies. */
    @Bean
    WorkloadIdentity workloadIdentity() {
        return new WorkloadIdentity();
    }

    /** One event loop, for what the identity takes. */
    @Bean
    Workers workers() {
        return Workers.start(Transport.byDefault(), 1);
    }

    /** Gets the identity and keeps it up to date. */
    @Bean
    Enrolment enrolment(
            ControlPlaneProperties properties,
            WorkloadIdentity identity,
            Workers workers,
            Clock clock) {
        return new Enrolment(
                properties.identity().in(properties.stateDir()),
                identity,
                workers.all().getFirst(),
                clock);
    }

    /** Which API keys there are. */
    @Bean(destroyMethod = "")
    ApiKeyFollower apiKeyFollower(
            ControlPlaneProperties properties,
            StateDirectory state,
            WorkloadIdentity identity,
            Workers workers,
            FeedHub hub) {
        return new ApiKeyFollower(
                new AuthClient(properties.identity().authService(), workers.all().getFirst()),
                identity,
                state.file(API_KEYS),
                hub::tell);
    }

    /** Who may look and operate. */
    @Bean
    OperatorSettings operatorSettings(ControlPlaneProperties properties) {
        return properties.operators();
    }

    /** Where the keys of their tokens are. */
    @Bean
    TokenSettings operatorKeySettings(ControlPlaneProperties properties) {
        var identity = properties.identity().in(properties.stateDir());
        return new TokenSettings(identity.tokenKeys(), properties.stateDir());
    }

    /** Starts all that, in order. */
    @Bean
    ControlPlane controlPlane(
            RegistryLoop registry,
            Publisher publisher,
            Pipeline pipeline,
            FeedHub hub,
            FeedServer feed,
            Enrolment enrolment,
            ApiKeyFollower apiKeys,
            Uptime uptime) {
        return new ControlPlane(
                registry, publisher, pipeline, hub, feed, enrolment, apiKeys, uptime);
    }

    @Bean
    ControlPlaneHealthIndicator controlPlaneHealthIndicator(
            Publisher publisher, FeedServer feed, WorkloadIdentity identity) {
        return new ControlPlaneHealthIndicator(publisher, feed, identity);
    }
}
