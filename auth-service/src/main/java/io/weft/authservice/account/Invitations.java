// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.account;

import io.weft.authservice.client.SecretHash;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** One-time secrets with which a person sets a first password, or a new one. */
public final class Invitations {

    private static final Duration LIFE = Duration.ofHours(24);

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final Accounts accounts;
    private final Clock clock;

    public Invitations(
            JdbcClient jdbc, TransactionOperations transactions, Accounts accounts, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.accounts = accounts;
        this.clock = clock;
    }

    private record Invitation(Username username, Set<String> roles) {}

    /** The secret for a person; it is void when used, or after a day. */
    public String invite(Username username, Set<String> roles) {
        String secret = SecretHash.newSecret();
        jdbc.sql(
                        "insert into invitation (secret_sha256, username, roles, expires_at)"
                                + " values (?, ?, ?, ?)")
                .param(SecretHash.of(secret))
                .param(username.value())
                .param(String.join(" ", new TreeSet<>(roles)))
                .param(at(clock.instant().plus(LIFE)))
                .update();
        return secret;
    }

    /** Whether somebody has been invited and may still come. */
    public boolean isPending(Username username) {
        return jdbc.sql("select count(*) from invitation where username = ? and expires_at > ?")
                        .param(username.value())
                        .param(at(clock.instant()))
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** Takes an invitation up: whose it was; empty when it is void. */
    public Optional<Username> accept(String secret, String password) {
        return Objects.requireNonNull(
                transactions.execute(
                        _ -> {
                            Optional<Invitation> invitation = take(SecretHash.of(secret));
                            invitation.ifPresent(each -> open(each, password));
                            return invitation.map(Invitation::username);
                        }));
    }

    /** Of two at the same time one deletes the row. */
    private Optional<Invitation> take(String hash) {
        Optional<Invitation> invitation =
                jdbc.sql(
                                "select username, roles from invitation"
                                        + " where secret_sha256 = ? and expires_at > ?")
                        .param(hash)
                        .param(at(clock.instant()))
                        .query(
                                (row, _) ->
                                        new Invitation(
                                                new Username(row.getString(1)),
                                                Set.of(row.getString(2).split(" "))))
                        .optional();
        int deleted =
                jdbc.sql("delete from invitation where secret_sha256 = ?").param(hash).update();
        return deleted == 1 ? invitation : Optional.empty();
    }

    private void open(Invitation invitation, String password) {
        accounts.put(invitation.username(), password, invitation.roles(), Origin.INVITED);
        jdbc.sql("delete from invitation where username = ?")
                .param(invitation.username().value())
                .update();
    }

    /** Deletes those that nobody took up in time. */
    public void forgetExpired() {
        jdbc.sql("delete from invitation where expires_at < ?").param(at(clock.instant())).update();
    }

    private static OffsetDateTime at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
