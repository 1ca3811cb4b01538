// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.account;

import java.time.Clock;
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
        return jdbc.sql("select username, password_hash, roles from account where username = ?")
                .param(new Username(name).value())
                .query(
                        (row, _) ->
                                User.withUsername(row.getString(1))
                                        .password(row.getString(2))
                                        .roles(row.getString(3).split(" "))
                                        .build())
                .optional()
                .orElseThrow(() -> new UsernameNotFoundException("no such user"));
    }

    /** What this person is now; empty when there is no such person any more. */
    public Optional<List<String>> rolesOf(String username) {
        return jdbc.sql("select roles from account where username = ?")
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
