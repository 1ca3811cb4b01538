// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import io.weft.gateway.settings.SignInSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Mono;

/**
 * The issuer, as its metadata describes it (OpenID Connect Discovery 1.0). It is asked when
 * somebody signs in or out and not before, so that nothing here has to wait for it; its addresses
 * are the issuer's name, with where browsers or the gateway find it in the place of that name.
 */
final class Provider {

    /** Name of the registration, and end of the redirect URI. */
    static final String REGISTRATION = "weft";

    /** For so long an issuer that has answered is taken to be there. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final ParameterizedTypeReference<Map<String, Object>> JSON_OBJECT =
            new ParameterizedTypeReference<>() {};

    private final SignInSettings settings;
    private final String secret;
    private final WebClient http;
    private final Mono<ClientRegistration> asked;
    private volatile @Nullable ClientRegistration last;

    /**
     * @throws UncheckedIOException when there is no secret to be read
     */
    Provider(SignInSettings settings, WebClient http) {
        this.settings = settings;
        this.secret = read(settings);
        this.http = http;
        this.asked =
                Mono.defer(this::ask).cache(_ -> FRESH, _ -> Duration.ZERO, () -> Duration.ZERO);
    }

    private static String read(SignInSettings settings) {
        try {
            return Files.readString(settings.secretFile()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("weft.gateway.sign-in.client-secret-file: " + e, e);
        }
    }

    String secret() {
        return secret;
    }

    /**
     * The gateway as a client of the issuer. Ends in {@link ProviderUnavailableException} when the
     * issuer is not there.
     */
    Mono<ClientRegistration> registration() {
        return asked;
    }

    /** As it was when it was last asked, however long ago. */
    Mono<ClientRegistration> lastRegistration() {
        ClientRegistration known = last;
        return known == null ? asked : Mono.just(known);
    }

    private Mono<ClientRegistration> ask() {
        return http.get()
                .uri(settings.back() + "/.well-known/openid-configuration")
                .retrieve()
                .bodyToMono(JSON_OBJECT)
                .timeout(PATIENCE)
                .map(this::registration)
                .doOnNext(each -> last = each)
                .onErrorMap(
                        e ->
                                new ProviderUnavailableException(
                                        "the issuer at " + settings.back() + " cannot be asked",
                                        e));
    }

    private ClientRegistration registration(Map<String, Object> metadata) {
        if (!settings.iss().equals(metadata.get("issuer"))) {
            throw new IllegalArgumentException(
                    "issuer: " + metadata.get("issuer") + " (expected: " + settings.iss() + ")");
        }
        return ClientRegistration.withRegistrationId(REGISTRATION)
                .clientId(settings.clientId())
                .clientSecret(secret)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .redirectUri(settings.origin() + Paths.CALLBACK)
                .scope(settings.scopes())
                .issuerUri(settings.iss())
                .authorizationUri(at(settings.front(), metadata, "authorization_endpoint"))
                .tokenUri(at(settings.back(), metadata, "token_endpoint"))
                .jwkSetUri(at(settings.back(), metadata, "jwks_uri"))
                .providerConfigurationMetadata(metadata)
                .build();
    }

    /** Where the metadata says, at another address if it is below the issuer. */
    private String at(URI address, Map<String, Object> metadata, String endpoint) {
        if (!(metadata.get(endpoint) instanceof String text)) {
            throw new IllegalArgumentException(endpoint + ": none (expected: a URL)");
        }
        String prefix = settings.prefix();
        return text.startsWith(prefix) ? address + "/" + text.substring(prefix.length()) : text;
    }

    /** Where a browser ends its session with the issuer (RP-Initiated Logout 1.0 §2). */
    Mono<URI> signOut(Tokens tokens) {
        return registration()
                .map(ClientRegistration::getProviderDetails)
                .map(ClientRegistration.ProviderDetails::getConfigurationMetadata)
                .filter(metadata -> metadata.containsKey("end_session_endpoint"))
                .map(metadata -> at(settings.front(), metadata, "end_session_endpoint"))
                .map(
                        endpoint ->
                                UriComponentsBuilder.fromUriString(endpoint)
                                        .queryParam("id_token_hint", "{hint}")
                                        .queryParam("client_id", "{client}")
                                        .queryParam("post_logout_redirect_uri", "{back}")
                                        .encode()
                                        .buildAndExpand(
                                                tokens.id(),
                                                settings.clientId(),
                                                settings.origin() + "/")
                                        .toUri());
    }
}
