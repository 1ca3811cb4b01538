// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import io.weft.gateway.edge.Edge;
import io.weft.gateway.exchange.Invitation;
import io.weft.gateway.settings.GatewaySettings;
import io.weft.gateway.settings.SignInSettings;
import io.weft.gateway.signin.SignInDesk;
import java.time.Clock;
import java.util.Objects;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.HandlerMapping;

/** Signing in with a browser, where there is an issuer to do it at; nothing of it otherwise. */
@AutoConfiguration(before = GatewayConfiguration.class)
@ConditionalOnProperty(prefix = GatewaySettings.PREFIX, name = "sign-in.issuer")
class SignInConfiguration {

    @Bean
    SignInDesk signInDesk(GatewaySettings settings, ReactorResourceFactory resources) {
        SignInSettings signIn = Objects.requireNonNull(settings.signIn());
        return new SignInDesk(signIn, resources, Clock.systemUTC());
    }

    /** 2. of {@link GatewayConfiguration}: before the policy's routes. */
    @Bean
    HandlerMapping signInMapping(SignInDesk desk, Edge edge) {
        return desk.mapping(edge, RequestPath.SIGN_IN_MAPPING.order());
    }

    /** 3.: before the access rules are asked. */
    @Bean
    GlobalFilter sessionFilter(SignInDesk desk) {
        return desk.sessions(RequestPath.SESSION.order());
    }

    /** When they refuse. */
    @Bean
    Invitation invitation(SignInDesk desk) {
        return desk.invitation();
    }
}
