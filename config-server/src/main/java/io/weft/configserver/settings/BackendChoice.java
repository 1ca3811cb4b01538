// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.settings;

import java.util.List;
import java.util.Set;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Config Server selects its backend by profile, and without one means git. Here it is git when a
 * repository is named and otherwise directories, whatever other profiles are active.
 */
final class BackendChoice implements EnvironmentPostProcessor, Ordered {

    private static final Set<String> BACKENDS =
            Set.of(
                    "native",
                    "git",
                    "composite",
                    "jdbc",
                    "vault",
                    "subversion",
                    "redis",
                    "awss3",
                    "awsparamstore",
                    "awssecretsmanager",
                    "credhub",
                    "secret-manager",
                    "mongodb");

    private static final String GIT_URI = "spring.cloud.config.server.git.uri";

    @Override
    public void postProcessEnvironment(
            ConfigurableEnvironment environment, SpringApplication application) {
        if (List.of(environment.getActiveProfiles()).stream().noneMatch(BACKENDS::contains)) {
            environment.addActiveProfile(environment.containsProperty(GIT_URI) ? "git" : "native");
        }
    }

    /** Once the configuration files have been read. */
    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 1;
    }
}
