// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.server;

import static org.springframework.security.config.Customizer.withDefaults;

import io.weft.authservice.AuthProperties;
import io.weft.authservice.client.SecretHash;
import io.weft.authservice.database.Outage;
import io.weft.authservice.logout.BackChannelLogout;
import io.weft.authservice.logout.SessionEnd;
import io.weft.authservice.signin.ContentPolicy;
import io.weft.authservice.signin.GuessBrake;
import io.weft.authservice.signin.GuessFilter;
import io.weft.authservice.signin.Paths;
import io.weft.authservice.signin.SignedIn;
import io.weft.authservice.token.CodeVerifierSyntax;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.annotation.web.configurers.SessionManagementConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OidcConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.ClientSecretAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.oidc.web.authentication.OidcLogoutAuthenticationSuccessHandler;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.MediaTypeRequestMatcher;

/** Which request passes which filters, in the order in which the chains are asked. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    AuthorizationServerSettings authorizationServerSettings(AuthProperties properties) {
        return AuthorizationServerSettings.builder().issuer(properties.issuer().toString()).build();
    }

    /** Whoever signs in over TLS never shows the session without it. */
    @Bean
    ServletContextInitializer sessionCookie(AuthProperties properties) {
        boolean isSecure = "https".equals(properties.issuer().uri().getScheme());
        return context -> context.getSessionCookieConfig().setSecure(isSecure);
    }

    /** 1. Health and metrics, on their own port. */
    @Bean
    @Order(1)
    SecurityFilterChain management(HttpSecurity http, Environment environment) {
        return http.securityMatcher(new ManagementPort(environment))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(csrf -> csrf.disable())
                .requestCache(cache -> cache.disable())
                .sessionManagement(SecurityConfiguration::none)
                .build();
    }

    /** 2. The endpoints of OAuth2 and OpenID Connect. */
    @Bean
    @Order(2)
    SecurityFilterChain authorizationServer(
            HttpSecurity http, AuthProperties properties, BackChannelLogout backChannel) {
        var responses = new AuthorizationResponses(properties.issuer());
        http.oauth2AuthorizationServer(
                server -> {
                    http.securityMatcher(server.getEndpointsMatcher());
                    clientSecrets(server);
                    server.authorizationEndpoint(
                                    endpoint ->
                                            endpoint.consentPage(Paths.CONSENT)
                                                    .authorizationResponseHandler(responses)
                                                    .errorResponseHandler(responses)
                                                    .authenticationProviders(
                                                            SecurityConfiguration::requests))
                            .tokenEndpoint(
                                    endpoint ->
                                            endpoint.accessTokenRequestConverters(
                                                    all -> all.addFirst(new CodeVerifierSyntax())))
                            .authorizationServerMetadataEndpoint(
                                    endpoint ->
                                            endpoint.authorizationServerMetadataCustomizer(
                                                    metadata -> metadata.claims(Metadata::correct)))
                            .oidc(oidc -> openId(oidc, backChannel));
                });
        http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .exceptionHandling(
                        failures ->
                                failures.defaultAuthenticationEntryPointFor(
                                        new LoginUrlAuthenticationEntryPoint(Paths.LOGIN), html()));
        return secured(http).build();
    }

    private static void clientSecrets(OAuth2AuthorizationServerConfigurer server) {
        server.clientAuthentication(
                clients ->
                        clients.authenticationProviders(
                                providers ->
                                        providers.forEach(
                                                each -> {
                                                    if (each
                                                            instanceof
                                                            ClientSecretAuthenticationProvider
                                                                    secrets) {
                                                        secrets.setPasswordEncoder(
                                                                new SecretHash());
                                                    }
                                                })));
    }

    private static void requests(List<AuthenticationProvider> providers) {
        providers.forEach(
                each -> {
                    if (each
                            instanceof OAuth2AuthorizationCodeRequestAuthenticationProvider codes) {
                        codes.setAuthenticationValidator(new AuthorizationRequests());
                    }
                });
    }

    private static void openId(OidcConfigurer oidc, BackChannelLogout backChannel) {
        oidc.logoutEndpoint(endpoint -> endpoint.logoutResponseHandler(signedOut(backChannel)))
                .providerConfigurationEndpoint(
                        endpoint ->
                                endpoint.providerConfigurationCustomizer(
                                        metadata -> metadata.claims(Metadata::correct)));
    }

    private static OidcLogoutAuthenticationSuccessHandler signedOut(BackChannelLogout backChannel) {
        var handler = new OidcLogoutAuthenticationSuccessHandler();
        handler.setLogoutHandler(new SessionEnd(backChannel));
        return handler;
    }

    /** 3. The operator API, by access token. */
    @Bean
    @Order(3)
    SecurityFilterChain operatorApi(HttpSecurity http) {
        return http.securityMatcher("/api/**")
                .authorizeHttpRequests(
                        requests ->
                                requests.anyRequest()
                                        .access(
                                                (token, _) ->
                                                        new AuthorizationDecision(
                                                                Operators.isOperator(token.get()))))
                .oauth2ResourceServer(server -> server.jwt(withDefaults()))
                .csrf(csrf -> csrf.disable())
                .requestCache(cache -> cache.disable())
                .sessionManagement(SecurityConfiguration::none)
                .build();
    }

    /** 4. The pages people see. */
    @Bean
    @Order(4)
    SecurityFilterChain pages(HttpSecurity http, BackChannelLogout backChannel, GuessBrake brake) {
        http.authorizeHttpRequests(
                        requests ->
                                requests.requestMatchers(Paths.CONSENT)
                                        .authenticated()
                                        .anyRequest()
                                        .permitAll())
                .formLogin(
                        form ->
                                form.loginPage(Paths.LOGIN)
                                        .successHandler(new SignedIn(brake))
                                        .failureHandler(SecurityConfiguration::refused))
                .logout(
                        logout ->
                                logout.logoutUrl(Paths.LOGOUT)
                                        .addLogoutHandler(new SessionEnd(backChannel))
                                        .logoutSuccessUrl(Paths.SIGNED_OUT))
                .addFilterBefore(
                        new GuessFilter(brake), UsernamePasswordAuthenticationFilter.class);
        return secured(http).build();
    }

    private static void refused(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
            throws IOException {
        if (Outage.isCauseOf(why)) {
            Outage.answer(response);
        } else {
            response.sendRedirect(Paths.LOGIN + "?error");
        }
    }

    private static HttpSecurity secured(HttpSecurity http) {
        return http.headers(
                headers ->
                        headers.contentSecurityPolicy(
                                        policy -> policy.policyDirectives(ContentPolicy.DEFAULT))
                                .referrerPolicy(
                                        referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                                .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny));
    }

    private static void none(SessionManagementConfigurer<HttpSecurity> sessions) {
        sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS);
    }

    private static MediaTypeRequestMatcher html() {
        var matcher = new MediaTypeRequestMatcher(MediaType.TEXT_HTML);
        matcher.setIgnoredMediaTypes(Set.of(MediaType.ALL));
        return matcher;
    }
}
