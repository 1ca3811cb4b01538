// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.fetch;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Puts the guard in front of Config Server. */
@Configuration(proxyBeanMethods = false)
public class FetchConfiguration {

    @Bean
    FilterRegistrationBean<FetchGuard> fetchGuard() {
        var registration = new FilterRegistrationBean<>(new FetchGuard());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }
}
