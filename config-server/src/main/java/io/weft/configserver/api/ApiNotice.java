// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.api;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/** Says with every start that the API asks nobody who he is. */
final class ApiNotice implements ApplicationListener<WebServerInitializedEvent> {

    private static final Logger log = LoggerFactory.getLogger(ApiNotice.class);

    private final Environment environment;

    ApiNotice(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        if (event.getApplicationContext().getServerNamespace() == null) {
            log.warn(
                    "API and configuration on {}:{} are neither encrypted nor authenticated",
                    environment.getProperty("server.address", "every address"),
                    event.getWebServer().getPort());
        }
    }
}
