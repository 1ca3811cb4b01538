// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.plain;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;

/** One route, no filter, nothing else: the least that a Spring Cloud Gateway can be. */
@SpringBootApplication
public class PlainGateway {

    public static void main(String[] arguments) {
        SpringApplication.run(PlainGateway.class, arguments);
    }

    @Bean
    RouteLocator routes(RouteLocatorBuilder builder) {
        String backend = System.getProperty("bench.backend", "http://127.0.0.1:17000");
        return builder.routes()
                .route("backend", predicate -> predicate.path("/**").uri(backend))
                .build();
    }
}
