// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import io.weft.authservice.seal.Seal;
import io.weft.authservice.state.StateDirectory;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What everything in this service stands on. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AuthProperties.class)
class AuthConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** What survives a restart. */
    @Bean
    StateDirectory stateDirectory(AuthProperties properties) {
        return StateDirectory.open(properties.stateDir());
    }

    @Bean
    Seal seal(AuthProperties properties, StateDirectory state) {
        return Seal.of(properties.sealKey(), state);
    }
}
