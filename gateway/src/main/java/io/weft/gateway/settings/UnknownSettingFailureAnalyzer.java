// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.settings;

import io.weft.policy.problem.Suggestions;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Names every setting that does not exist, and the one that was probably meant. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownSettingFailureAnalyzer
        extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

    @Override
    protected @Nullable FailureAnalysis analyze(
            Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        List<ConfigurationProperty> ours =
                cause.getUnboundProperties().stream()
                        .filter(each -> isOurs(each.getName().toString()))
                        .toList();
        if (ours.isEmpty()) {
            return null;
        }
        List<String> known = KnownKeys.all();
        return new FailureAnalysis(
                ours.stream()
                        .map(each -> describe(each, known))
                        .collect(Collectors.joining("\n", "Unknown settings:\n\n", "\n")),
                "Correct or remove them.",
                cause);
    }

    private static boolean isOurs(String name) {
        return name.startsWith(GatewaySettings.PREFIX + ".");
    }

    private static String describe(ConfigurationProperty property, List<String> known) {
        String name = property.getName().toString();
        String nearest = Suggestions.nearest(name, known);
        return "    "
                + name
                + " = "
                + property.getValue()
                + (property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")")
                + (nearest == null ? "" : ", did you mean " + nearest + "?");
    }
}
