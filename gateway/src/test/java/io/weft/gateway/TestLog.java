// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Collects what is logged while it is attached, line by line. */
final class TestLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final PatternLayout layout = new PatternLayout();

    /** Spring Boot starts logging anew with each application, so this has to come after that. */
    void attach() {
        var logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        layout.setContext(logging);
        layout.setPattern("%level %logger{0} : %msg%n%ex");
        layout.start();
        setContext(logging);
        start();
        root().addAppender(this);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    protected void append(ILoggingEvent event) {
        layout.doLayout(event).lines().forEach(lines::add);
    }

    @Override
    public void close() {
        root().detachAppender(this);
        stop();
    }
}
