// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.server;

import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.micrometer.core.instrument.MeterRegistry;
import io.weft.authservice.AuthProperties;
import io.weft.authservice.account.Accounts;
import io.weft.authservice.account.FirstAdmin;
import io.weft.authservice.account.Invitations;
import io.weft.authservice.account.Passwords;
import io.weft.authservice.apikey.ApiKeys;
import io.weft.authservice.client.Clients;
import io.weft.authservice.demo.Demo;
import io.weft.authservice.key.SigningKeys;
import io.weft.authservice.logout.BackChannelLogout;
import io.weft.authservice.logout.LogoutTokens;
import io.weft.authservice.seal.Seal;
import io.weft.authservice.signin.GuessBrake;
import io.weft.authservice.state.StateDirectory;
import io.weft.authservice.token.Authorizations;
import io.weft.authservice.token.TokenClaims;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.JdbcOAuth2AuthorizationConsentService;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationConsentService;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.transaction.support.TransactionTemplate;

/** Who there is, what they were granted, and the keys that say so. */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

    private static final Duration SKEW = Duration.ofSeconds(60);

    @Bean
    PasswordEncoder passwords() {
        return new Passwords();
    }

    @Bean
    Accounts accounts(JdbcClient jdbc, PasswordEncoder passwords, Clock clock) {
        return new Accounts(jdbc, passwords, clock);
    }

    @Bean
    Invitations invitations(
            JdbcClient jdbc, TransactionTemplate transactions, Accounts accounts, Clock clock) {
        return new Invitations(jdbc, transactions, accounts, clock);
    }

    @Bean
    Clients clients(JdbcTemplate jdbc, AuthProperties properties) {
        return new Clients(
                jdbc, properties.tokens().accessLife(), properties.tokens().refreshLife());
    }

    @Bean
    RegisteredClientRepository registeredClients(Clients clients) {
        return clients.repository();
    }

    /** Everybody who is declared is there before the first request. */
    @Bean
    Population population(
            AuthProperties properties,
            Clients clients,
            Accounts accounts,
            Invitations invitations,
            StateDirectory state,
            Environment environment) {
        return new Population(
                properties,
                clients,
                new Demo(accounts, clients, state),
                new FirstAdmin(accounts, invitations),
                environment);
    }

    @Bean
    SigningKeys signingKeys(JdbcClient jdbc, Seal seal, AuthProperties properties, Clock clock) {
        return new SigningKeys(
                jdbc, seal, properties.signingKeys(), properties.tokens().accessLife(), clock);
    }

    /** What is published, for whoever verifies. */
    @Bean
    JWKSource<SecurityContext> publishedKeys(SigningKeys keys) {
        return (selector, _) -> selector.select(keys.published());
    }

    /** Signs with the one key whose turn it is. */
    @Bean
    JwtEncoder jwtEncoder(SigningKeys keys) {
        return new NimbusJwtEncoder((selector, _) -> selector.select(new JWKSet(keys.signer())));
    }

    /** Takes this server's access tokens, and nothing else that it has signed. */
    @Bean
    JwtDecoder accessTokenDecoder(
            JWKSource<SecurityContext> publishedKeys, AuthProperties properties) {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(
                        new JOSEObjectType(TokenClaims.ACCESS_TOKEN_TYPE)));
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, publishedKeys));
        // The validators below look at the claims.
        processor.setJWTClaimsSetVerifier((_, _) -> {});
        var decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(
                new DelegatingOAuth2TokenValidator<>(
                        new JwtTimestampValidator(SKEW),
                        new JwtIssuerValidator(properties.issuer().toString())));
        return decoder;
    }

    @Bean
    TokenClaims tokenClaims(AuthProperties properties, Accounts accounts, Clock clock) {
        return new TokenClaims(properties.tokens(), accounts, clock);
    }

    @Bean
    Authorizations authorizations(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            RegisteredClientRepository clients,
            Clock clock) {
        return new Authorizations(jdbc, transactions, clients, clock);
    }

    @Bean
    OAuth2AuthorizationConsentService consents(
            JdbcTemplate jdbc, RegisteredClientRepository clients) {
        return new JdbcOAuth2AuthorizationConsentService(jdbc, clients);
    }

    @Bean
    BackChannelLogout backChannelLogout(
            Authorizations authorizations,
            RegisteredClientRepository clients,
            JwtEncoder encoder,
            AuthProperties properties,
            MeterRegistry meters,
            Clock clock) {
        var tokens = new LogoutTokens(encoder, properties.issuer(), clock);
        return new BackChannelLogout(authorizations, clients, tokens, meters);
    }

    @Bean
    GuessBrake guessBrake() {
        return new GuessBrake(Ticker.systemTicker());
    }

    @Bean
    ApiKeys apiKeys(JdbcClient jdbc, TransactionTemplate transactions, Clock clock) {
        return new ApiKeys(jdbc, transactions, clock);
    }

    /** Does what is due, as long as this runs. */
    @Bean
    Housekeeping housekeeping(
            SigningKeys keys,
            Authorizations authorizations,
            Invitations invitations,
            AuthProperties properties) {
        return new Housekeeping(keys, authorizations, invitations, properties.signingKeys());
    }
}
