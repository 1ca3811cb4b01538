// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent;

import io.weft.dataplane.identity.Credentials;
import io.weft.dataplane.loop.Transport;
import io.weft.dataplane.server.Listener;
import io.weft.meshagent.settings.SettingsReader;

/** Starts an agent. */
public final class MeshAgent {

    private static final int EXIT_INVALID = 2;
    private static final int EXIT_FAILED = 1;
    private static final String NETTY_EVENTS = "io.netty.jfr.enabled";

    private MeshAgent() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (System.getProperty(NETTY_EVENTS) == null) {
            // Whoever wants Netty's events in a recording says so; loading them takes its time.
            System.setProperty(NETTY_EVENTS, "false");
        }
        preload();
        SettingsReader.Settings settings;
        try {
            settings = SettingsReader.read(arguments);
        } catch (SettingsReader.InvalidSettingsException e) {
            System.err.println(e.getMessage());
            System.exit(EXIT_INVALID);
            return;
        }
        LogSetup.apply(settings.logLevels());
        try {
            AgentAssembly agent = AgentAssembly.start(settings.agent());
            Runtime.getRuntime()
                    .addShutdownHook(
                            Thread.ofPlatform().name("weft-drain").unstarted(() -> end(agent)));
        } catch (Listener.ListenException e) {
            System.err.println(
                    e.getMessage()
                            + "; end what listens there, or choose another port (0 takes a free"
                            + " one)");
            System.exit(EXIT_FAILED);
        }
        Thread.currentThread().join();
    }

    /** What takes its time and needs no settings is loaded while they are read. */
    private static void preload() {
        Thread.ofPlatform()
                .name("weft-preload")
                .daemon()
                .start(
                        () -> {
                            Transport.byDefault();
                            Credentials.load();
                        });
    }

    private static void end(AgentAssembly agent) {
        agent.drain().block();
    }
}
