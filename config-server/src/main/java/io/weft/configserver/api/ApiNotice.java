// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.api;

import java.net.InetAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/** Says with every start that credentials and configuration leave this machine in clear. */
final class ApiNotice implements ApplicationListener<WebServerInitializedEvent> {

    private static final Logger log = LoggerFactory.getLogger(ApiNotice.class);

    private final ServerProperties server;

    ApiNotice(ServerProperties server) {
        this.server = server;
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        InetAddress address = server.getAddress();
        boolean isRemote = address == null || !address.isLoopbackAddress();
        boolean isClear = server.getSsl() == null || !server.getSsl().isEnabled();
        if (isRemote && isClear && event.getApplicationContext().getServerNamespace() == null) {
            log.warn(
                    "API and configuration on {}:{} are not encrypted (server.ssl.*)",
                    address == null ? "every address" : address.getHostAddress(),
                    event.getWebServer().getPort());
        }
    }
}
