// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.mesh;

import io.weft.cli.mesh.Agent.Workload;
import io.weft.cli.mesh.Parts.Run;
import io.weft.cli.port.Claim;
import io.weft.cli.port.Ports;
import io.weft.cli.supervise.Health;
import io.weft.cli.supervise.Part;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** The demo shop's processes, and the agents beside them. */
final class Shop {

    private static final int FIRST_AGENT = 15_000;
    private static final int NEXT_AGENT = 100;
    private static final int FIRST_APP = 16_001;

    private final Parts parts;
    private final Programs programs;
    private final Ports ports;
    private final URI feed;
    private int agents;
    private int apps;

    Shop(Parts parts, Programs programs, Ports ports, URI feed) {
        this.parts = parts;
        this.programs = programs;
        this.ports = ports;
        this.feed = feed;
    }

    /** Those that serve somebody, an agent each. */
    List<Part> services() throws IOException {
        List<Part> all = new ArrayList<>();
        service(all, "storefront", new Workload("storefront", "v1"));
        service(all, "orders-v1", new Workload("orders", "v1"));
        service(all, "payments-v1", new Workload("payments", "v1"));
        service(all, "orders-v2", new Workload("orders", "v2"));
        service(all, "payments-v2", new Workload("payments", "v2"));
        service(all, "catalog", new Workload("catalog", "v1"));
        return all;
    }

    /** Those that only ask: visitors from outside, and the intruder with an agent of its own. */
    List<Part> visitors(URI edge) throws IOException {
        List<Part> all = new ArrayList<>();
        Workload intruder = new Workload("intruder", "v1");
        Agent agent = Agent.claim(ports, nextAgent(), intruder, OptionalInt.empty());
        all.add(parts.agent("intruder-agent", programs, agent, feed));
        all.add(
                app(
                        "intruder",
                        Stage.VISITORS,
                        intruder,
                        agent.proxySettings(""),
                        Set.of("intruder-agent"),
                        nextApp()));
        all.add(
                app(
                        "traffic",
                        Stage.VISITORS,
                        new Workload("traffic", "v1"),
                        Map.of("WEFT_DEMO_TRAFFIC_EDGE", edge.toString()),
                        Set.of(),
                        nextApp()));
        return all;
    }

    private void service(List<Part> all, String name, Workload workload) throws IOException {
        Claim port = nextApp();
        Agent agent = Agent.claim(ports, nextAgent(), workload, OptionalInt.of(port.port()));
        all.add(parts.agent(name + "-agent", programs, agent, feed));
        all.add(
                app(
                        name,
                        Stage.SERVICES,
                        workload,
                        agent.proxySettings(""),
                        Set.of(name + "-agent"),
                        port));
    }

    private Part app(
            String name,
            Stage stage,
            Workload workload,
            Map<String, String> more,
            Set<String> after,
            Claim port)
            throws IOException {
        Map<String, String> environment = new TreeMap<>(more);
        environment.put("WEFT_DEMO_SERVICE", workload.name());
        environment.put("WEFT_DEMO_VERSION", workload.version());
        environment.put("SERVER_PORT", String.valueOf(port.port()));
        Run run = new Run(programs.demo(), List.of(), environment);
        Health health = Health.of(Parts.http(port).resolve("/healthz"));
        return parts.part(name, stage, run, health, after, List.of(port));
    }

    private int nextAgent() {
        return FIRST_AGENT + NEXT_AGENT * agents++;
    }

    private Claim nextApp() throws IOException {
        return ports.claim(FIRST_APP + apps++);
    }
}
