// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.account;

import io.weft.authservice.client.SecretHash;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;

/** The people who may sign in. */
public final class Accounts implements UserDetailsService {

    /** The role that may do everything here. */
    public static final String ADMIN = "admin";

    private final JdbcClient jdbc;
    private final PasswordEncoder passwords;
    private final Clock clock;

    public Accounts(JdbcClient jdbc, PasswordEncoder passwords, Clock clock) {
        this.jdbc = jdbc;
        this.passwords = passwords;
        this.clock = clock;
    }

    @Override
    public UserDetails loadUserByUsername(String name) {
        if (!Username.isName(name)) {
            throw new UsernameNotFoundException("no such user");
        }
        return jdbc.sql(
                        "select username, password_hash, roles, locked from account"
                                + " where username = ?")
                .param(new Username(name).value())
                .query(
                        (row, _) ->
                                User.withUsername(row.getString(1))
                                        .password(row.getString(2))
                                        .roles(row.getString(3).split(" "))
                                        .accountLocked(row.getBoolean(4))
                                        .build())
                .optional()
                .orElseThrow(() -> new UsernameNotFoundException("no such user"));
    }

    /** What this person is now; empty when there is no such person any more, or it is locked. */
    public Optional<List<String>> rolesOf(String username) {
        return jdbc.sql("select roles from account where username = ? and not locked")
                .param(username)
                .query(String.class)
                .optional()
                .map(roles -> List.of(roles.split(" ")));
    }

    /** Adds a person, or gives an old one this password and these roles. */
    public void put(Username username, String password, Set<String> roles, Origin origin) {
        String hash = passwords.encode(password);
        String list = String.join(" ", new TreeSet<>(roles));
        int updated =
                jdbc.sql(
                                "update account set password_hash = ?, roles = ?, origin = ?"
                                        + " where username = ?")
                        .param(hash)
                        .param(list)
                        .param(origin.name())
                        .param(username.value())
                        .update();
        if (updated == 0) {
            jdbc.sql(
                            "insert into account (username, password_hash, roles, origin,"
                                    + " created_at) values (?, ?, ?, ?, ?)")
                    .param(username.value())
                    .param(hash)
                    .param(list)
                    .param(origin.name())
                    .param(clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
        }
    }

    /** What operators are shown of a person. */
    public record Account(
            String username, List<String> roles, boolean locked, Origin origin, Instant created) {}

    /** Everybody, by name. */
    public List<Account> all() {
        return jdbc.sql(
                        "select username, roles, locked, origin, created_at from account"
                                + " order by username")
                .query(
                        (row, _) ->
                                new Account(
                                        row.getString(1),
                                        List.of(row.getString(2).split(" ")),
                                        row.getBoolean(3),
                                        Origin.valueOf(row.getString(4)),
                                        row.getObject(5, OffsetDateTime.class).toInstant()))
                .list();
    }

    /** Gives a person other roles; false when there is no such person. */
    public boolean giveRoles(Username username, Set<String> roles) {
        return jdbc.sql("update account set roles = ? where username = ?")
                        .param(String.join(" ", new TreeSet<>(roles)))
                        .param(username.value())
                        .update()
                > 0;
    }

    /** Keeps a person out, or lets it in again; false when there is no such person. */
    public boolean lock(Username username, boolean locked) {
        return jdbc.sql("update account set locked = ? where username = ?")
                        .param(locked)
                        .param(username.value())
                        .update()
                > 0;
    }

    /** From now on no password is this person's; false when there is no such person. */
    public boolean forgetPassword(Username username) {
        return jdbc.sql("update account set password_hash = ? where username = ?")
                        .param(passwords.encode(SecretHash.newSecret()))
                        .param(username.value())
                        .update()
                > 0;
    }

    /** Whether there is somebody under this name. */
    public boolean has(Username username) {
        return jdbc.sql("select count(*) from account where username = ?")
                        .param(username.value())
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** Removes a person; false when there is no such person. */
    public boolean remove(Username username) {
        return jdbc.sql("delete from account where username = ?").param(username.value()).update()
                > 0;
    }

    /** Whether there is somebody of this origin under this name. */
    public boolean has(Username username, Origin origin) {
        return jdbc.sql("select count(*) from account where username = ? and origin = ?")
                        .param(username.value())
                        .param(origin.name())
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** Removes everybody of this origin. */
    public void removeAll(Origin origin) {
        jdbc.sql("delete from account where origin = ?").param(origin.name()).update();
    }

    /** Whether anybody can administer. */
    public boolean hasAdmin() {
        return jdbc.sql("select roles from account").query(String.class).list().stream()
                .anyMatch(roles -> List.of(roles.split(" ")).contains(ADMIN));
    }
}
