// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.mock.env.MockEnvironment;

class BackendChoiceTest {

    private final MockEnvironment environment = new MockEnvironment();

    private String[] choose() {
        new BackendChoice().postProcessEnvironment(environment, new SpringApplication());
        return environment.getActiveProfiles();
    }

    @Test
    void isDirectoriesByDefault() {
        environment.setActiveProfiles("prod");

        assertThat(choose()).containsExactlyInAnyOrder("prod", "native");
    }

    @Test
    void isGitWhenARepositoryIsNamed() {
        environment.setProperty("spring.cloud.config.server.git.uri", "/srv/policy");

        assertThat(choose()).containsExactly("git");
    }

    @Test
    void leavesAChoiceAlone() {
        environment.setActiveProfiles("composite");

        assertThat(choose()).containsExactly("composite");
    }
}
