// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * Starts a gateway. It is an ordinary Spring Cloud Gateway with {@link GatewayConfiguration} on its
 * class path; an application of one's own with this module on its class path is one just as well.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class GatewayApplication {

    /** Takes Spring properties as {@code --name=value}. */
    public static void main(String[] args) {
        SpringApplication.run(GatewayApplication.class, args);
    }
}
