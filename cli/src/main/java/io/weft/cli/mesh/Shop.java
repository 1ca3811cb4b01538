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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** The demo shop's processes, and the agents beside them. */
final class Shop {

    private static final int FIRST_AGENT = 15_000;
    private static final int NEXT_AGENT = 100;
    private static final int FIRST_APP = 16_001;

    private final List<Seat> seats = new ArrayList<>();

    /**
     * A process of the shop.
     *
     * @param name of the part, such as {@code orders-v1}
     * @param agent absent for those who come from outside
     */
    private record Seat(
            String name, Stage stage, Workload workload, Claim port, Optional<Agent> agent) {}

    /** Claims the ports of all. */
    Shop(Ports ports) throws IOException {
        service(ports, "storefront", new Workload("storefront", "v1"));
        service(ports, "orders-v1", new Workload("orders", "v1"));
        service(ports, "payments-v1", new Workload("payments", "v1"));
        service(ports, "orders-v2", new Workload("orders", "v2"));
        service(ports, "payments-v2", new Workload("payments", "v2"));
        service(ports, "catalog", new Workload("catalog", "v1"));
        visitors(ports);
    }

    private void service(Ports ports, String name, Workload workload) throws IOException {
        Claim port = ports.claim(FIRST_APP + seats.size());
        OptionalInt app = OptionalInt.of(port.port());
        seats.add(new Seat(name, Stage.SERVICES, workload, port, agent(ports, workload, app)));
    }

    /** The intruder has an agent of its own, to be refused by; visitors come in from outside. */
    private void visitors(Ports ports) throws IOException {
        Workload intruder = new Workload("intruder", "v1");
        Workload traffic = new Workload("traffic", "v1");
        Claim port = ports.claim(FIRST_APP + seats.size());
        Optional<Agent> agent = agent(ports, intruder, OptionalInt.empty());
        seats.add(new Seat("intruder", Stage.VISITORS, intruder, port, agent));
        seats.add(
                new Seat(
                        "traffic",
                        Stage.VISITORS,
                        traffic,
                        ports.claim(FIRST_APP + seats.size()),
                        Optional.empty()));
    }

    private Optional<Agent> agent(Ports ports, Workload workload, OptionalInt app)
            throws IOException {
        int base = FIRST_AGENT + NEXT_AGENT * seats.size();
        return Optional.of(Agent.claim(ports, base, workload, app));
    }

    /** Every process and every agent. */
    List<Part> parts(Parts parts, Programs programs, ControlPlane controlPlane, URI edge)
            throws IOException {
        List<Part> all = new ArrayList<>();
        for (Seat seat : seats) {
            if (seat.agent().isPresent()) {
                all.add(parts.agent(agentName(seat), programs, seat.agent().get(), controlPlane));
            }
            all.add(process(parts, programs, seat, edge));
        }
        return all;
    }

    private static Part process(Parts parts, Programs programs, Seat seat, URI edge)
            throws IOException {
        Map<String, String> environment =
                new TreeMap<>(seat.agent().map(agent -> agent.proxySettings("")).orElse(Map.of()));
        environment.put("WEFT_DEMO_SERVICE", seat.workload().name());
        environment.put("WEFT_DEMO_VERSION", seat.workload().version());
        environment.put("WEFT_DEMO_TRAFFIC_EDGE", edge.toString());
        environment.put("SERVER_PORT", String.valueOf(seat.port().port()));
        return parts.part(
                seat.name(),
                seat.stage(),
                new Run(programs.demo(), List.of(), environment),
                Health.of(Parts.http(seat.port()).resolve("/healthz")),
                seat.agent().isPresent() ? Set.of(agentName(seat)) : Set.of(),
                List.of(seat.port()));
    }

    private static String agentName(Seat seat) {
        return seat.name() + "-agent";
    }
}
