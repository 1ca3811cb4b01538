// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.token;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.server.authorization.JdbcOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.transaction.support.TransactionOperations;

/**
 * What people and clients were granted, one row per family of tokens. A family ends when one of its
 * tokens is used twice, be it later or at the same time: nobody can tell which of the two is the
 * thief (RFC 9700 §4.14.2).
 */
public final class Authorizations implements OAuth2AuthorizationService {

    private static final Logger log = LoggerFactory.getLogger(Authorizations.class);

    /** Which state of the row this object was read from; none was never stored. */
    private static final String VERSION = "weft.version";

    /** What has expired stays this long, for whoever still asks what it was. */
    private static final Duration AFTERLIFE = Duration.ofHours(1);

    /** Longer than a client keeps somebody signed in without coming back. */
    private static final Duration SESSION_MEMORY = Duration.ofDays(7);

    private final JdbcOAuth2AuthorizationService rows;
    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final Clock clock;

    public Authorizations(
            JdbcOperations jdbc,
            TransactionOperations transactions,
            RegisteredClientRepository clients,
            Clock clock) {
        this.rows = new JdbcOAuth2AuthorizationService(jdbc, clients);
        this.jdbc = JdbcClient.create(jdbc);
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A part of a session that has ended: the client that was signed in to, and as whom. */
    public record SignedIn(String clientId, String subject) {}

    @Override
    public void save(OAuth2Authorization authorization) {
        Integer version = authorization.getAttribute(VERSION);
        if (version == null) {
            store(authorization, 1);
            return;
        }
        if (!isSuccessor(authorization, version)) {
            end(authorization.getId(), "two requests used one of its tokens at the same time");
            throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_GRANT);
        }
    }

    private boolean isSuccessor(OAuth2Authorization authorization, int version) {
        try {
            return Boolean.TRUE.equals(
                    transactions.execute(_ -> storeSuccessor(authorization, version)));
        } catch (ConcurrencyFailureException e) {
            return false;
        }
    }

    /** A row that is gone, because its family was ended, does not come back either. */
    private boolean storeSuccessor(OAuth2Authorization authorization, int version) {
        String id = authorization.getId();
        int updated =
                jdbc.sql(
                                "update oauth2_authorization set version = version + 1"
                                        + " where id = ? and version = ?")
                        .param(id)
                        .param(version)
                        .update();
        if (updated == 0) {
            return false;
        }
        rememberSpent(authorization);
        store(authorization, version + 1);
        rememberSession(authorization);
        return true;
    }

    private void store(OAuth2Authorization authorization, int version) {
        rows.save(TokenHash.hashed(authorization).attribute(VERSION, version).build());
    }

    private void rememberSpent(OAuth2Authorization authorization) {
        var fresh = authorization.getRefreshToken();
        if (fresh == null) {
            return;
        }
        String former =
                jdbc.sql("select refresh_token_value from oauth2_authorization where id = ?")
                        .param(authorization.getId())
                        .query((row, _) -> Objects.toString(row.getString(1), ""))
                        .single();
        if (!former.isEmpty() && !former.equals(TokenHash.kept(fresh.getToken().getTokenValue()))) {
            jdbc.sql("insert into spent_refresh_token (token, authorization_id) values (?, ?)")
                    .param(former)
                    .param(authorization.getId())
                    .update();
        }
    }

    private void rememberSession(OAuth2Authorization authorization) {
        var idToken = authorization.getToken(OidcIdToken.class);
        String session = idToken == null ? null : idToken.getToken().getClaim("sid");
        if (session == null || isRemembered(authorization)) {
            return;
        }
        jdbc.sql(
                        "insert into session_client (authorization_id, session_id,"
                                + " registered_client_id, subject, created_at)"
                                + " values (?, ?, ?, ?, ?)")
                .param(authorization.getId())
                .param(session)
                .param(authorization.getRegisteredClientId())
                .param(authorization.getPrincipalName())
                .param(at(clock.instant()))
                .update();
    }

    private boolean isRemembered(OAuth2Authorization authorization) {
        return jdbc.sql("select count(*) from session_client where authorization_id = ?")
                        .param(authorization.getId())
                        .query(Integer.class)
                        .single()
                > 0;
    }

    @Override
    public void remove(OAuth2Authorization authorization) {
        rows.remove(authorization);
    }

    @Override
    public @Nullable OAuth2Authorization findById(String id) {
        return rows.findById(id);
    }

    @Override
    public @Nullable OAuth2Authorization findByToken(
            String token, @Nullable OAuth2TokenType tokenType) {
        if (tokenType != null && OAuth2ParameterNames.STATE.equals(tokenType.getValue())) {
            return rows.findByToken(token, tokenType);
        }
        String hash = TokenHash.of(token);
        OAuth2Authorization found = rows.findByToken(hash, tokenType);
        if (found == null && OAuth2TokenType.REFRESH_TOKEN.equals(tokenType)) {
            endFamilyOfSpent(hash);
        }
        return found == null ? null : TokenHash.revealed(found, token);
    }

    private void endFamilyOfSpent(String hash) {
        jdbc.sql("select authorization_id from spent_refresh_token where token = ?")
                .param(hash)
                .query(String.class)
                .optional()
                .ifPresent(id -> end(id, "a refresh token of it was used again"));
    }

    private void end(String id, String why) {
        int ended = delete(id);
        if (ended > 0) {
            log.warn("Authorization {} ended: {}", id, why);
        }
    }

    private int delete(String id) {
        return jdbc.sql("delete from oauth2_authorization where id = ?").param(id).update();
    }

    /** Ends everything that was granted within a session, and tells to whom. */
    public List<SignedIn> endSession(String session) {
        return Objects.requireNonNull(transactions.execute(_ -> deleteSession(session)));
    }

    private List<SignedIn> deleteSession(String session) {
        List<SignedIn> signedIn =
                jdbc.sql(
                                "select distinct registered_client_id, subject from session_client"
                                        + " where session_id = ?")
                        .param(session)
                        .query((row, _) -> new SignedIn(row.getString(1), row.getString(2)))
                        .list();
        jdbc.sql(
                        "delete from oauth2_authorization where id in"
                                + " (select authorization_id from session_client"
                                + " where session_id = ?)")
                .param(session)
                .update();
        jdbc.sql("delete from session_client where session_id = ?").param(session).update();
        return signedIn;
    }

    /** Ends everything a person was granted. */
    public void endAllOf(String username) {
        jdbc.sql("delete from oauth2_authorization where principal_name = ?")
                .param(username)
                .update();
    }

    /** Deletes what has long expired, so that the database does not grow for ever. */
    public void forgetExpired() {
        Instant now = clock.instant();
        jdbc.sql(
                        "delete from oauth2_authorization where coalesce(refresh_token_expires_at,"
                                + " access_token_expires_at, authorization_code_expires_at,"
                                + " created_at) < ?")
                .param(at(now.minus(AFTERLIFE)))
                .update();
        jdbc.sql("delete from session_client where created_at < ?")
                .param(at(now.minus(SESSION_MEMORY)))
                .update();
    }

    private static OffsetDateTime at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
