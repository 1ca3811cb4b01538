// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent.settings;

import io.weft.policy.problem.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Reads the settings as Spring Boot would: command line, environment variables, {@code
 * application.yml} on the class path and in {@code ./config}, profiles. Keys of Spring Boot that
 * mean nothing to an agent are refused, like keys that do not exist.
 */
public final class SettingsReader {

    /** Of Spring Boot's own namespaces, what an agent honours. */
    private static final List<String> HONOURED =
            List.of("spring.profiles.", "spring.config.", "logging.level.");

    private static final List<String> BOOT =
            List.of("spring.", "server.", "management.", "logging.");

    private static final String KNOWN_KEYS = "see docs/properties.md for all keys of weft.agent";

    private SettingsReader() {}

    /** What was read. */
    public record Settings(AgentSettings agent, Map<String, String> logLevels) {}

    /** Settings that cannot be used; the message has a line for each problem. */
    public static final class InvalidSettingsException extends Exception {
        private InvalidSettingsException(List<String> problems) {
            super(String.join("\n", problems));
        }
    }

    public static Settings read(String... arguments) throws InvalidSettingsException {
        var environment = new StandardEnvironment();
        if (arguments.length > 0) {
            environment
                    .getPropertySources()
                    .addFirst(new SimpleCommandLinePropertySource(arguments));
        }
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        ConfigurationPropertySources.attach(environment);
        var problems = new ArrayList<String>();
        refuseForeignKeys(environment, problems);
        var binder = Binder.get(environment);
        AgentSettings settings = bind(binder, problems);
        if (settings == null || !problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        Map<String, String> levels =
                binder.bind("logging.level", Bindable.mapOf(String.class, String.class))
                        .orElseGet(TreeMap::new);
        return new Settings(settings, levels);
    }

    private static @org.jspecify.annotations.Nullable AgentSettings bind(
            Binder binder, List<String> problems) {
        var handler =
                new NoUnboundElementsBindHandler(
                        BindHandler.DEFAULT, new UnboundElementsSourceFilter());
        try {
            AgentSettings settings =
                    binder.bindOrCreate(
                            AgentSettings.PREFIX, Bindable.of(AgentSettings.class), handler);
            check(settings, problems);
            return settings;
        } catch (BindException e) {
            explain(e, problems);
            return null;
        }
    }

    private static void explain(BindException e, List<String> problems) {
        if (e.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
            for (ConfigurationProperty property : unbound.getUnboundProperties()) {
                problems.add(
                        "%s: unknown key%s (%s)"
                                .formatted(
                                        property.getName(),
                                        at(property),
                                        suggestion(property.getName().toString())));
            }
            return;
        }
        ConfigurationProperty property = e.getProperty();
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        problems.add(
                "%s: %s%s: %s"
                        .formatted(
                                e.getName(),
                                property == null ? "" : property.getValue(),
                                property == null ? "" : at(property),
                                cause.getMessage()));
    }

    private static String at(ConfigurationProperty property) {
        return property.getOrigin() == null ? "" : " at " + property.getOrigin();
    }

    private static String suggestion(String key) {
        String nearest = Suggestions.nearest(key, KnownKeys.all());
        return nearest == null ? KNOWN_KEYS : "did you mean " + nearest + "?";
    }

    private static void check(AgentSettings settings, List<String> problems) {
        try {
            settings.workload();
        } catch (IllegalArgumentException | NullPointerException e) {
            problems.add(
                    "weft.agent.name: "
                            + settings.name()
                            + " (expected: the name of a service, such as orders; set"
                            + " WEFT_AGENT_NAME or --weft.agent.name)");
        }
        if (problems.isEmpty()) {
            try {
                settings.identitySettings();
            } catch (IllegalArgumentException e) {
                problems.add("weft.agent.identity: " + e.getMessage());
            }
        }
        Integer port = settings.app().port();
        if (port != null && (port < 1 || port > 65_535)) {
            problems.add("weft.agent.app.port: " + port + " (expected: 1-65535)");
        }
    }

    private static void refuseForeignKeys(StandardEnvironment environment, List<String> problems) {
        for (PropertySource<?> source : environment.getPropertySources()) {
            boolean ofSystem = source.getName().startsWith("system");
            if (ofSystem || !(source instanceof EnumerablePropertySource<?> listed)) {
                continue;
            }
            for (String key : listed.getPropertyNames()) {
                if (BOOT.stream().anyMatch(key::startsWith)
                        && HONOURED.stream().noneMatch(key::startsWith)) {
                    problems.add(
                            key
                                    + ": means nothing to an agent, in "
                                    + source.getName()
                                    + " (expected: weft.agent.*, or one of "
                                    + String.join("*, ", HONOURED)
                                    + "*)");
                }
            }
        }
    }
}
