// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.operate;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weft.configserver.state.StateDirectory;
import io.weft.dataplane.identity.AuthServiceTrust;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.telemetry.TokenCounts;
import io.weft.dataplane.token.TokenSettings;
import io.weft.dataplane.token.TokenVerifier;
import io.weft.policy.token.TokenPolicy;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Puts the filter in front of API and configuration; {@link ManagementGuard} does elsewhere. */
@Configuration(proxyBeanMethods = false)
public class OperateConfiguration {

    private static final Logger log = LoggerFactory.getLogger(OperateConfiguration.class);

    private static final String MANAGEMENT_PATH = "management.endpoints.web.base-path";

    /** The same component as in proxies: keys ahead of time, the last good ones kept. */
    @Bean
    TokenVerifier tokenVerifier(
            TokenSettings settings,
            WorkloadIdentity identity,
            ObjectProvider<PrometheusRegistry> metrics,
            Clock clock) {
        var counts = new TokenCounts();
        metrics.ifAvailable(registry -> registry.register(counts));
        return new TokenVerifier(settings, () -> AuthServiceTrust.of(identity), counts, clock);
    }

    @Bean
    TokenPolicy operatorTokens(OperatorSettings settings) {
        return new TokenPolicy(
                "operators",
                settings.issuer().toString(),
                settings.audiences(),
                null,
                TokenPolicy.DEFAULT_ALGORITHMS,
                List.of());
    }

    /** Asks for keys beside the start, which need not wait for what this takes. */
    @Bean
    ApplicationListener<ApplicationReadyEvent> operatorKeys(
            TokenVerifier tokens, TokenPolicy policy, OperatorSettings settings) {
        return _ -> {
            if (settings.openOnLoopback()) {
                log.warn(
                        "Everybody on this machine may read policy, status and configuration"
                                + " (weft.control-plane.operators.open-on-loopback)");
            }
            Thread.ofVirtual().name("operator-keys").start(() -> tokens.use(List.of(policy)));
        };
    }

    @Bean(ManagementGuard.FILTER)
    OperatorFilter operatorFilter(
            StateDirectory state,
            TokenPolicy policy,
            TokenVerifier tokens,
            OperatorSettings settings,
            Environment environment) {
        var files =
                List.of(
                        LocalCredential.of(
                                state.privateFile("operator.token"), "operator", Right.OPERATE),
                        LocalCredential.of(
                                state.privateFile("viewer.token"), "viewer", Right.VIEW));
        return new OperatorFilter(
                new Callers(files, policy, tokens),
                environment.getProperty(MANAGEMENT_PATH, "/actuator"),
                settings.openOnLoopback());
    }

    /** After the guard of configuration, which looks at nothing but the path. */
    @Bean
    DelegatingFilterProxyRegistrationBean operatorFilterRegistration() {
        return ManagementGuard.at(Ordered.HIGHEST_PRECEDENCE + 1);
    }
}
