// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.mesh;

import io.weft.cli.home.State;
import io.weft.cli.jvm.AotCaches;
import io.weft.cli.jvm.JavaProgram;
import io.weft.cli.jvm.Trainee;
import io.weft.cli.mesh.Agent.Workload;
import io.weft.cli.port.Claim;
import io.weft.cli.port.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Each program once more beside the mesh that runs: on ports of its own, serving nobody. Proxies
 * follow the real control plane, because reading a policy is much of what their start takes.
 */
public final class Trainees {

    private static final int FIRST_PORT = 17_000;

    /** Nobody listens there. */
    private static final int NOWHERE = 1;

    private final State state;
    private final Programs programs;
    private final Ports ports;
    private final ControlPlane controlPlane;

    /**
     * @param controlPlane need not be there yet
     */
    public Trainees(State state, Programs programs, Ports ports, ControlPlane controlPlane) {
        this.state = state;
        this.programs = programs;
        this.ports = ports;
        this.controlPlane = controlPlane;
    }

    /** Whether those have caches that run many times over. */
    public boolean manyHave(AotCaches caches) throws IOException {
        return caches.has(programs.agent()) && caches.has(programs.demo());
    }

    /** Those that run many times over, so that a cache pays at once. */
    public List<Trainee> many() throws IOException {
        return List.of(agent(), shop());
    }

    /** Those that run once, so that a cache pays at the next start. */
    public List<Trainee> single(Optional<Path> zipkin) throws IOException {
        List<Trainee> all = new ArrayList<>();
        all.add(configServer());
        all.add(gateway());
        all.add(authService());
        if (zipkin.isPresent()) {
            all.add(zipkin(zipkin.get()));
        }
        return all;
    }

    private Trainee agent() throws IOException {
        Agent agent =
                Agent.claim(ports, FIRST_PORT, new Workload("training", "v1"), OptionalInt.empty());
        return new Trainee(
                programs.agent(),
                List.of(),
                agent.environment(controlPlane, directory(programs.agent()).resolve("state")),
                directory(programs.agent()),
                agent.health().ready(),
                List.of(agent.outbound().resolve("/orders/42")),
                List.copyOf(agent.claims()));
    }

    /** The storefront uses everything that the others do; those it calls are away. */
    private Trainee shop() throws IOException {
        Claim port = claim();
        Map<String, String> environment =
                Map.of(
                        "WEFT_DEMO_SERVICE",
                        "storefront",
                        "SERVER_PORT",
                        String.valueOf(port.port()),
                        "JAVA_TOOL_OPTIONS",
                        "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=" + NOWHERE);
        URI app = Parts.http(port);
        return new Trainee(
                programs.demo(),
                List.of(),
                environment,
                directory(programs.demo()),
                app.resolve("/healthz"),
                List.of(app.resolve("/orders/42")),
                List.of(port));
    }

    private Trainee configServer() throws IOException {
        Claim feed = claim();
        Path memory = directory(programs.configServer()).resolve("state");
        Map<String, String> settings =
                controlPlane.identity("weft.control-plane", LocalMesh.CONFIG_SERVER);
        settings.putAll(LocalMesh.followed(state.policy(), memory, feed));
        return served(
                programs.configServer(),
                settings,
                List.of("/api/policy", "/api/policy/status"),
                List.of(feed));
    }

    private Trainee gateway() throws IOException {
        Path memory = directory(programs.gateway()).resolve("state");
        Map<String, String> settings = controlPlane.proxy("weft.gateway", LocalMesh.GATEWAY);
        settings.put("weft.gateway.state-dir", memory.toString());
        return served(programs.gateway(), settings, List.of("/orders/42"), List.of());
    }

    private Trainee authService() throws IOException {
        Claim enrolment = claim();
        Path memory = directory(programs.authService()).resolve("state");
        return served(
                programs.authService(),
                LocalMesh.authority(memory, enrolment),
                List.of("/"),
                List.of(enrolment));
    }

    private Trainee zipkin(Path jar) throws IOException {
        Claim port = claim();
        JavaProgram program = programs.zipkin(jar);
        return new Trainee(
                program,
                LocalMesh.zipkinArguments(port.port()),
                Map.of(),
                directory(program),
                Parts.http(port).resolve("/health"),
                List.of(Parts.http(port).resolve("/zipkin/")),
                List.of(port));
    }

    private Trainee served(
            JavaProgram program,
            Map<String, String> more,
            List<String> requests,
            List<Claim> morePorts)
            throws IOException {
        Claim port = claim();
        Claim management = claim();
        Map<String, String> settings = new TreeMap<>(LocalMesh.served(port, management));
        settings.putAll(more);
        List<Claim> claims = new ArrayList<>(morePorts);
        claims.addAll(List.of(port, management));
        return new Trainee(
                program,
                List.of(),
                JavaProgram.environment(settings),
                directory(program),
                Parts.http(management).resolve(LocalMesh.READINESS),
                requests.stream().map(Parts.http(port)::resolve).toList(),
                claims);
    }

    private Path directory(JavaProgram program) {
        return state.data("training-" + program.name());
    }

    private Claim claim() throws IOException {
        return ports.claim(FIRST_PORT);
    }
}
