// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.operate;

import io.weft.authservice.state.StateDirectory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AndRequestMatcher;

/** Who may: whoever shows the operator credential. Everybody else is asked for an admin's token. */
@Configuration(proxyBeanMethods = false)
class OperatorConfiguration {

    @Bean
    OperatorCredential operatorCredential(StateDirectory state) {
        return OperatorCredential.of(state);
    }

    /** Before the chain that wants an admin's token, which takes what this one does not. */
    @Bean
    @Order(0)
    SecurityFilterChain byOperatorCredential(HttpSecurity http, OperatorCredential credential) {
        return http.securityMatcher(
                        new AndRequestMatcher(
                                PathPatternRequestMatcher.withDefaults().matcher("/api/**"),
                                credential::isShownBy))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(csrf -> csrf.disable())
                .requestCache(cache -> cache.disable())
                .sessionManagement(
                        sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }
}
