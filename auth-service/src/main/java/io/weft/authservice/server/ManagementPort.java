// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.server;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.core.env.Environment;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** Requests to the management port: nobody signs in there. */
final class ManagementPort implements RequestMatcher {

    private final Environment environment;

    ManagementPort(Environment environment) {
        this.environment = environment;
    }

    @Override
    public boolean matches(HttpServletRequest request) {
        Integer port = environment.getProperty("local.management.port", Integer.class);
        Integer pages = environment.getProperty("local.server.port", Integer.class);
        return port != null && !port.equals(pages) && request.getLocalPort() == port;
    }
}
