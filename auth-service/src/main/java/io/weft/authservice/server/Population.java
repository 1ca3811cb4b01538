// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.server;

import io.weft.authservice.AuthProperties;
import io.weft.authservice.account.FirstAdmin;
import io.weft.authservice.client.ClientDeclaration;
import io.weft.authservice.client.Clients;
import io.weft.authservice.client.SecretFile;
import io.weft.authservice.demo.Demo;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/** Registers whoever the settings declare, and lets go of whoever they no longer do. */
final class Population implements InitializingBean {

    private static final String SETTINGS = "settings";

    private static final Profiles DEMO = Profiles.of("demo");

    private final AuthProperties properties;
    private final Clients clients;
    private final Demo demo;
    private final FirstAdmin firstAdmin;
    private final Environment environment;

    Population(
            AuthProperties properties,
            Clients clients,
            Demo demo,
            FirstAdmin firstAdmin,
            Environment environment) {
        this.properties = properties;
        this.clients = clients;
        this.demo = demo;
        this.firstAdmin = firstAdmin;
        this.environment = environment;
    }

    @Override
    public void afterPropertiesSet() {
        clients.keepOnly(SETTINGS, properties.clients().keySet());
        properties.clients().forEach(this::register);
        if (environment.acceptsProfiles(DEMO)) {
            demo.begin(properties.demo(), Scopes.ADMIN);
        } else {
            demo.end();
            firstAdmin.inviteIfNobodyCan();
        }
    }

    private void register(String clientId, ClientDeclaration client) {
        String secret = client.secretFile() == null ? null : SecretFile.read(client.secretFile());
        clients.register(SETTINGS, clientId, secret, client);
    }
}
