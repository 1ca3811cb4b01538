// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Logging as an agent can afford it: the JDK's own, one line for an event, on standard error. */
final class LogSetup {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** Keeps loggers whose level was set: the JDK holds them weakly. */
    private static final List<Logger> CONFIGURED = new ArrayList<>();

    private LogSetup() {}

    /**
     * @param levels by logger name, {@code root} for all; names as in Spring Boot
     */
    static void apply(Map<String, String> levels) {
        Logger root = Logger.getLogger("");
        for (var handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        var console = new ConsoleHandler();
        console.setFormatter(new OneLine());
        console.setLevel(Level.ALL);
        root.addHandler(console);
        root.setLevel(Level.INFO);
        levels.forEach(
                (name, level) -> {
                    Logger logger = Logger.getLogger(name.equals("root") ? "" : name);
                    logger.setLevel(level(level));
                    CONFIGURED.add(logger);
                });
    }

    private static Level level(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "TRACE" -> Level.FINEST;
            case "DEBUG" -> Level.FINE;
            case "WARN" -> Level.WARNING;
            case "ERROR" -> Level.SEVERE;
            case "OFF" -> Level.OFF;
            default -> Level.INFO;
        };
    }

    private static final class OneLine extends Formatter {
        @Override
        public String format(LogRecord entry) {
            var line =
                    new StringBuilder()
                            .append(TIME.format(Instant.ofEpochMilli(entry.getMillis())))
                            .append(' ')
                            .append(label(entry.getLevel()))
                            .append(' ')
                            .append(shortName(entry.getLoggerName()))
                            .append(" : ")
                            .append(formatMessage(entry))
                            .append('\n');
            if (entry.getThrown() != null) {
                var trace = new StringWriter();
                entry.getThrown().printStackTrace(new PrintWriter(trace));
                line.append(trace);
            }
            return line.toString();
        }

        private static String label(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return "ERROR";
            }
            if (level.intValue() >= Level.WARNING.intValue()) {
                return "WARN ";
            }
            return level.intValue() >= Level.INFO.intValue() ? "INFO " : "DEBUG";
        }

        private static String shortName(String logger) {
            return logger.substring(logger.lastIndexOf('.') + 1);
        }
    }
}
