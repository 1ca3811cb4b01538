// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Runs the auth service. */
@SpringBootApplication(proxyBeanMethods = false)
public class AuthServiceApplication {

    public static void main(String[] args) {
        SpringApplication.run(AuthServiceApplication.class, args);
    }
}
