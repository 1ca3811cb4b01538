// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.authorization.client.JdbcRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/** The clients in the database. Whoever registers some owns them, and they go when it says so. */
public final class Clients {

    private static final String AUDIENCE = "weft.client.audience";

    private static final String BACK_CHANNEL = "weft.client.back-channel-logout-uri";

    private static final Duration CODE_LIFE = Duration.ofMinutes(1);

    private final JdbcRegisteredClientRepository repository;
    private final JdbcClient jdbc;
    private final Duration accessLife;
    private final Duration refreshLife;

    public Clients(JdbcOperations jdbc, Duration accessLife, Duration refreshLife) {
        this.repository = new JdbcRegisteredClientRepository(jdbc);
        this.jdbc = JdbcClient.create(jdbc);
        this.accessLife = accessLife;
        this.refreshLife = refreshLife;
    }

    public RegisteredClientRepository repository() {
        return repository;
    }

    /**
     * Registers a client, or changes it to this.
     *
     * @param owner who registers it, and may remove it
     * @param secret in clear; null for a public client
     */
    public void register(
            String owner, String clientId, @Nullable String secret, ClientDeclaration settings) {
        RegisteredClient.Builder client =
                RegisteredClient.withId(owner + ":" + clientId)
                        .clientId(clientId)
                        .clientName(clientId)
                        .redirectUris(uris -> uris.addAll(settings.redirectUris()))
                        .postLogoutRedirectUris(
                                uris -> uris.addAll(settings.postLogoutRedirectUris()))
                        .scopes(scopes -> scopes.addAll(settings.scopes()))
                        .clientSettings(clientSettings(settings))
                        .tokenSettings(tokenSettings());
        if (secret == null) {
            client.clientAuthenticationMethod(ClientAuthenticationMethod.NONE);
        } else {
            client.clientSecret(SecretHash.of(secret))
                    .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                    .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST);
        }
        if (settings.redirectUris().isEmpty()) {
            client.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS);
        } else {
            client.authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                    .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN);
        }
        repository.save(client.build());
    }

    private static ClientSettings clientSettings(ClientDeclaration settings) {
        var builder =
                ClientSettings.builder()
                        .requireProofKey(true)
                        .requireAuthorizationConsent(settings.consent())
                        .setting(AUDIENCE, String.join(" ", settings.audience()));
        if (settings.backChannelLogoutUri() != null) {
            builder.setting(BACK_CHANNEL, settings.backChannelLogoutUri().toString());
        }
        return builder.build();
    }

    private TokenSettings tokenSettings() {
        return TokenSettings.builder()
                .authorizationCodeTimeToLive(CODE_LIFE)
                .accessTokenTimeToLive(accessLife)
                .refreshTokenTimeToLive(refreshLife)
                .reuseRefreshTokens(false)
                .idTokenSignatureAlgorithm(SignatureAlgorithm.ES256)
                .build();
    }

    /** Removes every client of this owner but these. */
    public void keepOnly(String owner, Set<String> clientIds) {
        List<String> owned =
                jdbc.sql("select client_id from oauth2_registered_client where id like ?")
                        .param(owner + ":%")
                        .query((row, _) -> row.getString(1))
                        .list();
        owned.stream()
                .filter(each -> !clientIds.contains(each))
                .forEach(each -> remove(owner, each));
    }

    private void remove(String owner, String clientId) {
        String id = owner + ":" + clientId;
        jdbc.sql("delete from oauth2_authorization where registered_client_id = ?")
                .param(id)
                .update();
        jdbc.sql("delete from oauth2_registered_client where id = ?").param(id).update();
    }

    /** For whom this client's access tokens are; empty leaves it to the settings. */
    public static List<String> audienceOf(RegisteredClient client) {
        String audience = client.getClientSettings().getSetting(AUDIENCE);
        return audience == null || audience.isEmpty() ? List.of() : List.of(audience.split(" "));
    }

    /** Where this client is told that a session has ended, if it wants to be. */
    public static @Nullable URI backChannelLogoutOf(RegisteredClient client) {
        String uri = client.getClientSettings().getSetting(BACK_CHANNEL);
        return uri == null ? null : URI.create(uri);
    }
}
