// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.enrol;

import io.weft.policy.identity.ServiceName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Secrets, tokens and removals in the database, where every instance of this service sees them. */
public final class EnrolmentStore {

    private static final String SECRET_PREFIX = "weft_enrol_";
    private static final String TOKEN_PREFIX = "weft_join_";

    private final JdbcClient jdbc;
    private final Clock clock;

    public EnrolmentStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** A secret as it is kept. */
    public record KeptSecret(
            String id, String workload, Instant created, @Nullable Instant revoked) {}

    /** A new secret, and the only sight of it. */
    public record NewSecret(String id, String secret) {
        @Override
        public String toString() {
            return "NewSecret[" + id + "]";
        }
    }

    /** A new secret of a workload; those there are go on to work. */
    public NewSecret createSecret(ServiceName workload) {
        var created = new NewSecret(UUID.randomUUID().toString(), Secrets.next(SECRET_PREFIX));
        jdbc.sql(
                        "insert into enrolment_secret (id, workload, sha256, created_at)"
                                + " values (?, ?, ?, ?)")
                .params(
                        created.id(),
                        workload.qualifiedHost(),
                        Secrets.sha256(created.secret()),
                        now())
                .update();
        return created;
    }

    /** From now on it does not work; whether there was such a one that did. */
    public boolean revokeSecret(String id) {
        return jdbc.sql(
                                "update enrolment_secret set revoked_at = ?"
                                        + " where id = ? and revoked_at is null")
                        .params(now(), id)
                        .update()
                > 0;
    }

    public List<KeptSecret> secrets() {
        return jdbc.sql(
                        "select id, workload, created_at, revoked_at from enrolment_secret"
                                + " order by created_at, id")
                .query(
                        (row, _) ->
                                new KeptSecret(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getObject(3, OffsetDateTime.class).toInstant(),
                                        instant(row.getObject(4, OffsetDateTime.class))))
                .list();
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime at) {
        return at == null ? null : at.toInstant();
    }

    /** Whose secret that is and whether it still works, or null. */
    @Nullable KeptSecret findSecret(String secret) {
        return jdbc.sql(
                        "select id, workload, created_at, revoked_at from enrolment_secret"
                                + " where sha256 = ?")
                .param(Secrets.sha256(secret))
                .query(
                        (row, _) ->
                                new KeptSecret(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getObject(3, OffsetDateTime.class).toInstant(),
                                        instant(row.getObject(4, OffsetDateTime.class))))
                .optional()
                .orElse(null);
    }

    /** A token that works once. */
    public String createToken(ServiceName workload, Duration life) {
        String token = Secrets.next(TOKEN_PREFIX);
        jdbc.sql(
                        "insert into join_token (sha256, workload, created_at, expires_at)"
                                + " values (?, ?, ?, ?)")
                .params(Secrets.sha256(token), workload.qualifiedHost(), now(), now().plus(life))
                .update();
        return token;
    }

    /** Whose token that is, or null when it is none, was used or has expired. */
    @Nullable String findToken(String token) {
        return jdbc.sql(
                        "select workload from join_token where sha256 = ? and used_at is null"
                                + " and expires_at > ?")
                .params(Secrets.sha256(token), now())
                .query(String.class)
                .optional()
                .orElse(null);
    }

    /**
     * Uses a token up; whether it was there to be used. Until the transaction ends whoever else
     * tries waits for its outcome.
     */
    boolean useToken(String token) {
        return jdbc.sql(
                                "update join_token set used_at = ? where sha256 = ?"
                                        + " and used_at is null and expires_at > ?")
                        .params(now(), Secrets.sha256(token), now())
                        .update()
                == 1;
    }

    /** Takes a workload out: nothing attests it any more. Whether it was in. */
    public boolean remove(ServiceName workload) {
        if (isRemoved(workload)) {
            return false;
        }
        jdbc.sql("insert into removed_workload (workload, removed_at) values (?, ?)")
                .params(workload.qualifiedHost(), now())
                .update();
        return true;
    }

    /** Lets a workload in again; whether it was out. */
    public boolean restore(ServiceName workload) {
        return jdbc.sql("delete from removed_workload where workload = ?")
                        .param(workload.qualifiedHost())
                        .update()
                > 0;
    }

    /** Who is out. */
    List<ServiceName> removed() {
        return jdbc.sql("select workload from removed_workload")
                .query((row, _) -> ServiceName.parse(row.getString(1)))
                .list();
    }

    public boolean isRemoved(ServiceName workload) {
        return jdbc.sql("select count(*) from removed_workload where workload = ?")
                        .param(workload.qualifiedHost())
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
