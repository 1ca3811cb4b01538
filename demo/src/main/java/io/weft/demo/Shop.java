// SPDX-License-Identifier: Apache-2.0
package io.weft.demo;

import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** Runs one service of the shop: the one that {@code weft.demo.service} names. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class Shop {

    public static void main(String[] args) {
        SpringApplication.run(Shop.class, args);
    }

    /** A service that does not know which one it is must not start, however lazy the rest is. */
    @Bean
    static LazyInitializationExcludeFilter knowsItselfAtOnce() {
        return LazyInitializationExcludeFilter.forBeanTypes(Self.class);
    }
}
