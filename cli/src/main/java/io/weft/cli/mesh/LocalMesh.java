// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.mesh;

import io.weft.cli.home.State;
import io.weft.cli.home.Up.Address;
import io.weft.cli.mesh.Parts.Run;
import io.weft.cli.port.Claim;
import io.weft.cli.port.Ports;
import io.weft.cli.supervise.Health;
import io.weft.cli.supervise.Part;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The mesh of {@code weft up}: which processes, with which settings, on which ports. */
public final class LocalMesh {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String READINESS = "/actuator/health/readiness";
    private static final String LIVENESS = "/actuator/health/liveness";

    private final Parts parts;
    private final Programs programs;
    private final State state;
    private final Ports ports;
    private final Claim feed;
    private final Shop shop;
    private final Map<Address, URI> addresses = new EnumMap<>(Address.class);

    public LocalMesh(Parts parts, Programs programs, Ports ports) throws IOException {
        this.parts = parts;
        this.programs = programs;
        this.state = parts.state();
        this.ports = ports;
        this.feed = ports.claim(8889);
        this.shop = new Shop(parts, programs, ports, Parts.http(feed));
        addresses.put(Address.FEED, Parts.http(feed));
    }

    /** Where people and commands reach it. */
    public Map<Address, URI> addresses() {
        return Map.copyOf(addresses);
    }

    /**
     * All of it, with the parts first that others wait for and those last that nobody does.
     *
     * @param zipkin its jar, if there is to be one
     */
    public List<Part> parts(Optional<Path> zipkin) throws IOException {
        List<Part> all = new ArrayList<>();
        all.add(configServer());
        Claim edge = ports.claim(8080);
        all.add(gateway(edge));
        all.addAll(shop.services());
        all.add(authService());
        all.addAll(shop.visitors(Parts.http(edge)));
        if (zipkin.isPresent()) {
            all.add(zipkin(zipkin.get()));
        }
        return all;
    }

    private Part zipkin(Path jar) throws IOException {
        Claim port = ports.claim(9411);
        addresses.put(Address.ZIPKIN, Parts.http(port));
        List<String> arguments =
                List.of(
                        "--armeria.ports[0].ip=" + LOOPBACK,
                        "--armeria.ports[0].port=" + port.port(),
                        "--armeria.ports[0].protocols[0]=http");
        return parts.part(
                "zipkin",
                Stage.CONTROL,
                new Run(programs.zipkin(jar), arguments, Map.of()),
                Health.of(Parts.http(port).resolve("/health")),
                Set.of(),
                List.of(port));
    }

    private Part configServer() throws IOException {
        Claim port = ports.claim(8888);
        Claim management = ports.claim(8887);
        addresses.put(Address.CONTROL_PLANE, Parts.http(port));
        Map<String, String> settings = served(port, management);
        settings.put("weft.control-plane.feed.address", LOOPBACK);
        settings.put("weft.control-plane.feed.port", String.valueOf(feed.port()));
        settings.put("weft.control-plane.state-dir", state.data("config-server").toString());
        settings.put(
                "spring.cloud.config.server.native.search-locations",
                state.policy().toUri().toString());
        return parts.part(
                "config-server",
                Stage.CONTROL,
                Run.of(programs.configServer(), settings),
                Health.of(Parts.http(management).resolve(READINESS)),
                Set.of(),
                List.of(port, management, feed));
    }

    private Part gateway(Claim port) throws IOException {
        Claim management = ports.claim(8081);
        addresses.put(Address.EDGE, Parts.http(port));
        Map<String, String> settings = served(port, management);
        settings.put("weft.gateway.control-plane", Parts.http(feed).toString());
        settings.put("weft.gateway.state-dir", state.data("gateway").toString());
        URI health = Parts.http(management);
        return parts.part(
                "gateway",
                Stage.EDGE,
                Run.of(programs.gateway(), settings),
                new Health(health.resolve(LIVENESS), health.resolve(READINESS)),
                Set.of(),
                List.of(port, management));
    }

    private Part authService() throws IOException {
        Claim port = ports.claim(9000);
        Claim management = ports.claim(9001);
        addresses.put(Address.AUTH, Parts.http(port));
        return parts.part(
                "auth-service",
                Stage.CONTROL,
                Run.of(programs.authService(), served(port, management)),
                Health.of(Parts.http(management).resolve(READINESS)),
                Set.of(),
                List.of(port, management));
    }

    private static Map<String, String> served(Claim port, Claim management) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("server.address", LOOPBACK);
        settings.put("server.port", String.valueOf(port.port()));
        settings.put("management.server.address", LOOPBACK);
        settings.put("management.server.port", String.valueOf(management.port()));
        return settings;
    }
}
