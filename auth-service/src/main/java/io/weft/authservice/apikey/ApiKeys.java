// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.apikey;

import io.weft.authservice.client.SecretHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The API keys. Every change raises the sequence, so that whoever follows them knows what is new.
 */
public final class ApiKeys {

    /** By this secret scanners know what they have found. */
    public static final String PREFIX = "weft_key_";

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final Clock clock;

    public ApiKeys(JdbcClient jdbc, TransactionOperations transactions, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** All keys as of a change. */
    public record Listing(long sequence, List<ApiKey> keys) {}

    /** A new key with its secret, which nobody can see again. */
    public record Created(ApiKey key, String secret) {

        @Override
        public String toString() {
            return "Created[" + key.id() + "]";
        }
    }

    /** Makes a key. */
    public Created create(
            String client, List<String> scopes, List<String> roles, @Nullable Instant expires) {
        String secret = PREFIX + SecretHash.newSecret();
        var key =
                new ApiKey(
                        UUID.randomUUID().toString(),
                        SecretHash.of(secret),
                        client,
                        scopes,
                        roles,
                        clock.instant(),
                        expires);
        transactions.executeWithoutResult(
                _ -> {
                    change();
                    insert(key);
                });
        return new Created(key, secret);
    }

    private void insert(ApiKey key) {
        jdbc.sql(
                        "insert into api_key (id, sha256, client, scopes, roles, created_at,"
                                + " expires_at) values (?, ?, ?, ?, ?, ?, ?)")
                .param(key.id())
                .param(key.sha256())
                .param(key.client())
                .param(String.join(" ", key.scopes()))
                .param(String.join(" ", key.roles()))
                .param(at(key.created()))
                .param(key.expires() == null ? null : at(key.expires()))
                .update();
    }

    /** Ends a key; whether there was one. */
    public boolean revoke(String id) {
        return Boolean.TRUE.equals(
                transactions.execute(
                        _ -> {
                            change();
                            return jdbc.sql("delete from api_key where id = ?").param(id).update()
                                    > 0;
                        }));
    }

    /** Holds the row until the change is committed: the sequence never runs ahead of the keys. */
    private void change() {
        jdbc.sql("update api_key_sequence set last = last + 1").update();
    }

    /** What is valid now. The sequence is read first: what changes meanwhile is seen again. */
    public Listing list() {
        long sequence = jdbc.sql("select last from api_key_sequence").query(Long.class).single();
        List<ApiKey> keys =
                jdbc.sql(
                                "select id, sha256, client, scopes, roles, created_at, expires_at"
                                        + " from api_key where expires_at is null or expires_at > ?"
                                        + " order by created_at, id")
                        .param(at(clock.instant()))
                        .query(ApiKeys::read)
                        .list();
        return new Listing(sequence, keys);
    }

    private static ApiKey read(ResultSet row, int number) throws SQLException {
        OffsetDateTime expires = row.getObject("expires_at", OffsetDateTime.class);
        return new ApiKey(
                row.getString("id"),
                row.getString("sha256"),
                row.getString("client"),
                words(row.getString("scopes")),
                words(row.getString("roles")),
                Objects.requireNonNull(row.getObject("created_at", OffsetDateTime.class))
                        .toInstant(),
                expires == null ? null : expires.toInstant());
    }

    private static List<String> words(String list) {
        return list.isEmpty() ? List.of() : List.of(list.split(" "));
    }

    private static OffsetDateTime at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
