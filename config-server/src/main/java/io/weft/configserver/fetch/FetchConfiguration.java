// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.fetch;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Puts the guard in front of Config Server. */
@Configuration(proxyBeanMethods = false)
public class FetchConfiguration {

    @Bean
    FilterRegistrationBean<FetchGuard> fetchGuard(Environment environment) {
        String prefix = environment.getProperty("spring.cloud.config.server.prefix", "");
        var registration = new FilterRegistrationBean<>(new FetchGuard(prefix));
        registration.addUrlPatterns(prefix + "/*");
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }
}
