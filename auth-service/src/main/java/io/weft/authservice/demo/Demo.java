// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.demo;

import io.weft.authservice.account.Accounts;
import io.weft.authservice.account.Origin;
import io.weft.authservice.account.Username;
import io.weft.authservice.client.ClientDeclaration;
import io.weft.authservice.client.Clients;
import io.weft.authservice.client.SecretFile;
import io.weft.authservice.state.StateDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * People and clients to try things with. They come with the demo profile and go with it; their
 * passwords are random, and only in files. Of alice and bob one has the role that the demo shop's
 * policy asks for.
 */
public final class Demo {

    /** Owner of the demo's clients. */
    private static final String OWNER = "demo";

    private static final String USERS_FILE = "demo-users.properties";
    private static final String CLIENTS_FILE = "demo-clients.properties";

    private static final Map<String, Set<String>> USERS =
            Map.of(
                    "alice", Set.of("user", "shop-admin"),
                    "bob", Set.of("user"),
                    "admin", Set.of(Accounts.ADMIN));

    private static final Set<String> SCOPES =
            Set.of("openid", "profile", "orders.read", "orders.write");

    private final Accounts accounts;
    private final Clients clients;
    private final StateDirectory state;

    public Demo(Accounts accounts, Clients clients, StateDirectory state) {
        this.accounts = accounts;
        this.clients = clients;
        this.state = state;
    }

    /** Makes them, and those that are there already what they should be. */
    public void begin(DemoSettings settings, String adminScope) {
        var passwords = new DemoProperties(state.file(USERS_FILE));
        USERS.forEach((name, roles) -> person(new Username(name), roles, passwords));
        var secrets = new DemoProperties(state.file(CLIENTS_FILE));
        clients.register(
                OWNER, "gateway", gatewaySecret(settings, secrets), gateway(settings.gateway()));
        clients.register(OWNER, "weft-cli", null, commandLine(adminScope));
        clients.register(OWNER, "demo-service", secrets.secret("demo-service"), service());
        clients.keepOnly(OWNER, Set.of("gateway", "weft-cli", "demo-service"));
    }

    /** Without the profile nobody gets in with what was in those files. */
    public void end() {
        accounts.removeAll(Origin.DEMO);
        clients.keepOnly(OWNER, Set.of());
    }

    /** A password is hashed only when it is new: that is slow on purpose. */
    private void person(Username name, Set<String> roles, DemoProperties passwords) {
        boolean isKnown = passwords.has(name.value());
        String password = passwords.secret(name.value());
        if (!isKnown || !accounts.has(name, Origin.DEMO) || !hasRoles(name, roles)) {
            accounts.put(name, password, roles, Origin.DEMO);
        }
    }

    private boolean hasRoles(Username name, Set<String> roles) {
        return accounts.rolesOf(name.value()).map(Set::copyOf).equals(Optional.of(roles));
    }

    private static String gatewaySecret(DemoSettings settings, DemoProperties secrets) {
        Path file = settings.gateway().secretFile();
        return file == null ? secrets.secret("gateway") : SecretFile.readOrMake(file);
    }

    private static ClientDeclaration gateway(DemoSettings.Gateway settings) {
        return new ClientDeclaration(
                settings.secretFile(),
                settings.redirectUris(),
                settings.postLogoutRedirectUris(),
                settings.backChannelLogoutUri(),
                SCOPES,
                List.of(),
                false);
    }

    /** Anybody can pretend to be a public client, so people are asked. */
    private static ClientDeclaration commandLine(String adminScope) {
        var scopes = new TreeSet<>(SCOPES);
        scopes.add(adminScope);
        return client(null, List.of("http://127.0.0.1/callback", "http://[::1]/callback"), scopes);
    }

    private static ClientDeclaration service() {
        return client(Path.of(CLIENTS_FILE), List.of(), Set.of("orders.read", "orders.write"));
    }

    private static ClientDeclaration client(
            @Nullable Path secretFile, List<String> redirectUris, Set<String> scopes) {
        return new ClientDeclaration(
                secretFile, redirectUris, List.of(), null, scopes, List.of(), true);
    }
}
