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

/** Collects what is logged while it is open, line by line. */
final class TestLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final PatternLayout layout = new PatternLayout();

    private TestLog() {}

    static TestLog open() {
        var log = new TestLog();
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        log.layout.setContext(context);
        log.layout.setPattern("%level %logger{0} : %msg%n%ex");
        log.layout.start();
        log.setContext(context);
        log.start();
        root().addAppender(log);
        return log;
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
