// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.demo;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the demo profile adds.
 *
 * @param gateway the edge, as a client that signs people in
 */
public record DemoSettings(@NestedConfigurationProperty @DefaultValue Gateway gateway) {

    /**
     * The edge as a client.
     *
     * @param redirectUris where people come back to
     * @param postLogoutRedirectUris where they may be sent after signing out
     * @param backChannelLogoutUri where it is told that a session has ended
     * @param secretFile file with its secret, made if it does not exist; without this setting the
     *     secret is in {@code demo-clients.properties} of the state directory
     */
    public record Gateway(
            @DefaultValue("http://127.0.0.1:8080/login/oauth2/code/weft") List<String> redirectUris,
            @DefaultValue("http://127.0.0.1:8080/") List<String> postLogoutRedirectUris,
            @Nullable URI backChannelLogoutUri,
            @Nullable Path secretFile) {}
}
