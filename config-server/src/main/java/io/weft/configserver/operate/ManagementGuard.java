// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.operate;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/** Puts the filter in front of management, which is a web server with filters of its own. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ManagementGuard {

    static final String FILTER = "operatorFilter";

    @Bean
    DelegatingFilterProxyRegistrationBean managementFilterRegistration() {
        return at(Ordered.HIGHEST_PRECEDENCE);
    }

    /** By name, so that a web server does not start all that the filter needs before itself. */
    static DelegatingFilterProxyRegistrationBean at(int order) {
        var registration = new DelegatingFilterProxyRegistrationBean(FILTER);
        registration.setOrder(order);
        return registration;
    }
}
