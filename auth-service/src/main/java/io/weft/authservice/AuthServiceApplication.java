// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import io.netty.handler.ssl.OpenSsl;
import io.weft.authservice.ca.EcKeys;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Runs the auth service. */
@SpringBootApplication(proxyBeanMethods = false)
public class AuthServiceApplication {

    public static void main(String[] args) {
        // Unpacked and tested for half a second, for which Spring need not wait.
        Thread.ofPlatform()
                .name("native-crypto")
                .daemon()
                .start(AuthServiceApplication::loadNativeCrypto);
        SpringApplication.run(AuthServiceApplication.class, args);
    }

    private static void loadNativeCrypto() {
        EcKeys.providerName();
        OpenSsl.isAvailable();
    }
}
