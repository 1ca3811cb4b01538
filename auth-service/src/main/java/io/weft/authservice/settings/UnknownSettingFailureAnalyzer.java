// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.settings;

import io.weft.policy.problem.Suggestions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Names every setting that does not exist, and the one that was probably meant. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownSettingFailureAnalyzer
        extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

    private static final String PREFIX = "weft.auth.";

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    @Override
    protected @Nullable FailureAnalysis analyze(
            Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        List<ConfigurationProperty> ours =
                cause.getUnboundProperties().stream()
                        .filter(each -> each.getName().toString().startsWith(PREFIX))
                        .toList();
        if (ours.isEmpty()) {
            return null;
        }
        Set<String> known = known();
        return new FailureAnalysis(
                ours.stream()
                        .map(each -> describe(each, known))
                        .collect(Collectors.joining("\n", "Unknown settings:\n\n", "\n")),
                "Correct or remove them.",
                cause);
    }

    private static String describe(ConfigurationProperty property, Set<String> known) {
        String name = property.getName().toString();
        String nearest = Suggestions.nearest(name.substring(PREFIX.length()), known);
        return "    "
                + name
                + " = "
                + property.getValue()
                + (property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")")
                + (nearest == null ? "" : ", did you mean " + PREFIX + nearest + "?");
    }

    /** The metadata that editors complete from is what exists. */
    private static Set<String> known() {
        var names = new TreeSet<String>();
        try {
            var files = UnknownSettingFailureAnalyzer.class.getClassLoader().getResources(METADATA);
            while (files.hasMoreElements()) {
                addNames(files.nextElement(), names);
            }
        } catch (IOException e) {
            // The settings are named without a suggestion.
        }
        return names;
    }

    private static void addNames(URL file, Set<String> names) throws IOException {
        try (InputStream in = file.openStream()) {
            for (JsonNode property : new JsonMapper().readTree(in).path("properties")) {
                String name = property.path("name").asString();
                if (name.startsWith(PREFIX)) {
                    names.add(name.substring(PREFIX.length()));
                }
            }
        }
    }
}
