// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which documents make the policy.
 *
 * @param paths patterns of documents within Config Server's locations, such as policy/**
 * @param profiles active profiles of the policy, the strongest last
 * @param label the label to read, for git a branch, tag or commit; each backend's default unless
 *     set
 * @param gitPoll how often git repositories are asked for changes
 * @param rescan how often directories are looked through for changes that no event announced, as on
 *     network file systems
 */
public record PolicySettings(
        @DefaultValue({"**/*.yml", "**/*.yaml"}) List<String> paths,
        @DefaultValue List<String> profiles,
        @Nullable String label,
        @DefaultValue("10s") Duration gitPoll,
        @DefaultValue("2s") Duration rescan) {

    public PolicySettings {
        paths = List.copyOf(paths);
        profiles = List.copyOf(profiles);
    }
}
