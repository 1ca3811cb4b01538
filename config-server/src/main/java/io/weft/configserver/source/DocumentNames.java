// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import java.util.List;
import org.springframework.util.AntPathMatcher;

/**
 * Which names are those of policy documents. Hidden names never are: {@code .git}, what editors
 * leave, and the directories between which Kubernetes swaps a ConfigMap's link.
 */
final class DocumentNames {

    private final List<String> patterns;
    private final AntPathMatcher matcher = new AntPathMatcher();

    DocumentNames(List<String> patterns) {
        this.patterns = patterns;
    }

    static boolean isHidden(String segment) {
        return segment.startsWith(".");
    }

    /**
     * @param name relative to a location, with {@code /} between directories
     */
    boolean includes(String name) {
        boolean yaml = name.endsWith(".yml") || name.endsWith(".yaml");
        return yaml
                && !isHidden(name)
                && !name.contains("/.")
                && patterns.stream().anyMatch(pattern -> matcher.match(pattern, name));
    }
}
