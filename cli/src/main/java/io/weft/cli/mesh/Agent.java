// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.mesh;

import io.weft.cli.jvm.JavaProgram;
import io.weft.cli.port.Claim;
import io.weft.cli.port.Ports;
import io.weft.cli.supervise.Health;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/** The agent beside a workload, everything of it on loopback. */
public final class Agent {

    private static final String LOOPBACK = "127.0.0.1";

    private final Workload workload;
    private final OptionalInt app;
    private final Map<Side, Claim> ports = new EnumMap<>(Side.class);

    /** A version of a service, or a client. */
    public record Workload(String name, String version) {}

    /** What an agent listens for; the documented ports are 15000 and these. */
    private enum Side {
        ADMIN(0),
        OUTBOUND(1),
        INBOUND(6),
        HEALTH(20);

        private final int offset;

        Side(int offset) {
            this.offset = offset;
        }
    }

    private Agent(Workload workload, OptionalInt app) {
        this.workload = workload;
        this.app = app;
    }

    /**
     * Claims ports for an agent.
     *
     * @param base what its ports are counted from: 15000 for the first agent of a machine
     * @param workload whom it speaks for
     * @param app where the workload listens, if it serves anybody
     */
    public static Agent claim(Ports ports, int base, Workload workload, OptionalInt app)
            throws IOException {
        Agent agent = new Agent(workload, app);
        for (Side side : Side.values()) {
            if (side != Side.INBOUND || app.isPresent()) {
                agent.ports.put(side, ports.claim(base + side.offset));
            }
        }
        return agent;
    }

    /** Its settings, as environment variables. */
    public Map<String, String> environment(ControlPlane controlPlane, Path state)
            throws IOException {
        Map<String, String> settings = controlPlane.proxy("weft.agent", workload.name());
        settings.put("weft.agent.name", workload.name());
        settings.put("weft.agent.version", workload.version());
        settings.put("weft.agent.state-dir", state.toString());
        settings.put("weft.agent.advertise.address", LOOPBACK);
        app.ifPresent(port -> settings.put("weft.agent.app.port", String.valueOf(port)));
        ports.forEach(
                (side, claim) -> {
                    String prefix = "weft.agent." + side.name().toLowerCase(Locale.ROOT);
                    settings.put(prefix + ".address", LOOPBACK);
                    settings.put(prefix + ".port", String.valueOf(claim.port()));
                });
        return JavaProgram.environment(settings);
    }

    /** Where it says how it is. */
    public Health health() {
        URI health = Parts.http(claim(Side.HEALTH));
        return new Health(health.resolve("/live"), health.resolve("/ready"));
    }

    /** Where its workload sends what is meant for other services. */
    public URI outbound() {
        return Parts.http(claim(Side.OUTBOUND));
    }

    /**
     * What its workload has to know: that there is a proxy for everything but this machine. JVMs do
     * not look at {@code http_proxy}.
     *
     * @param toolOptions the JAVA_TOOL_OPTIONS there are already
     */
    public Map<String, String> proxySettings(String toolOptions) {
        String proxy = outbound().toString();
        String properties =
                "-Dhttp.proxyHost=%s -Dhttp.proxyPort=%d -Dhttp.nonProxyHosts=localhost|127.*"
                        .formatted(LOOPBACK, claim(Side.OUTBOUND).port());
        return Map.of(
                "http_proxy",
                proxy,
                "HTTP_PROXY",
                proxy,
                "no_proxy",
                "localhost,127.0.0.1",
                "NO_PROXY",
                "localhost,127.0.0.1",
                "JAVA_TOOL_OPTIONS",
                (toolOptions + " " + properties).strip());
    }

    public Collection<Claim> claims() {
        return ports.values();
    }

    private Claim claim(Side side) {
        return Objects.requireNonNull(ports.get(side));
    }
}
