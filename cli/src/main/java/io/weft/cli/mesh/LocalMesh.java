// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.mesh;

import io.weft.cli.check.PolicyFiles;
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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The mesh of {@code weft up}: which processes, with which settings, on which ports. */
public final class LocalMesh {

    static final String READINESS = "/actuator/health/readiness";
    static final String LIVENESS = "/actuator/health/liveness";

    static final String CONFIG_SERVER = "config-server";
    static final String GATEWAY = "gateway";

    private static final String LOOPBACK = "127.0.0.1";

    private final Parts parts;
    private final Programs programs;
    private final State state;

    private final Claim configuration;
    private final Claim configurationManagement;
    private final Claim feed;
    private final Claim edge;
    private final Claim edgeManagement;
    private final Claim auth;
    private final Claim authManagement;
    private final Claim enrolment;
    private final Claim zipkin;
    private final Shop shop;

    /** Claims every port. */
    public LocalMesh(Parts parts, Programs programs, Ports ports) throws IOException {
        this.parts = parts;
        this.programs = programs;
        this.state = parts.state();
        this.configuration = ports.claim(8888);
        this.configurationManagement = ports.claim(8887);
        this.feed = ports.claim(8889);
        this.edge = ports.claim(8080);
        this.edgeManagement = ports.claim(8081);
        this.auth = ports.claim(9000);
        this.authManagement = ports.claim(9001);
        this.enrolment = ports.claim(9443);
        this.zipkin = ports.claim(9411);
        this.shop = new Shop(ports);
    }

    /**
     * Where people and commands reach it.
     *
     * @param withZipkin whether there is a Zipkin to reach
     */
    public Map<Address, URI> addresses(boolean withZipkin) {
        Map<Address, URI> addresses = new EnumMap<>(Address.class);
        addresses.put(Address.EDGE, Parts.http(edge));
        addresses.put(Address.CONTROL_PLANE, Parts.http(configuration));
        addresses.put(Address.FEED, Parts.https(feed));
        addresses.put(Address.AUTH, Parts.http(auth));
        addresses.put(Address.ENROLMENT, Parts.https(enrolment));
        if (withZipkin) {
            addresses.put(Address.ZIPKIN, Parts.http(zipkin));
        }
        return addresses;
    }

    /** What members of the mesh have to know. */
    public ControlPlane controlPlane() {
        return new ControlPlane(Parts.https(feed), Parts.https(enrolment), state);
    }

    /** Control plane, edge and auth service. */
    public List<Part> control() throws IOException {
        return List.of(configServer(), gateway(), authService());
    }

    /** The shop's services with their agents, and those who visit them. */
    public List<Part> shop() throws IOException {
        return shop.parts(parts, programs, controlPlane(), Parts.http(edge));
    }

    /** The place where traces can be looked at. */
    public Part zipkin(Path jar) throws IOException {
        return parts.part(
                "zipkin",
                Stage.CONTROL,
                new Run(programs.zipkin(jar), zipkinArguments(zipkin.port()), Map.of()),
                Health.of(Parts.http(zipkin).resolve("/health")),
                Set.of(),
                List.of(zipkin));
    }

    private Part configServer() throws IOException {
        Map<String, String> settings = served(configuration, configurationManagement);
        settings.putAll(followed(state.policy(), state.data(CONFIG_SERVER), feed));
        settings.putAll(controlPlane().identity("weft.control-plane", CONFIG_SERVER));
        return parts.part(
                CONFIG_SERVER,
                Stage.CONTROL,
                Run.of(programs.configServer(), settings),
                Health.of(Parts.http(configurationManagement).resolve(READINESS)),
                Set.of(),
                List.of(configuration, configurationManagement, feed));
    }

    private Part gateway() throws IOException {
        Map<String, String> settings = served(edge, edgeManagement);
        settings.putAll(controlPlane().proxy("weft.gateway", GATEWAY));
        settings.put("weft.gateway.state-dir", state.data(GATEWAY).toString());
        settings.putAll(signIn().gateway());
        URI management = Parts.http(edgeManagement);
        return parts.part(
                GATEWAY,
                Stage.EDGE,
                Run.of(programs.gateway(), settings),
                new Health(management.resolve(LIVENESS), management.resolve(READINESS)),
                Set.of(),
                List.of(edge, edgeManagement));
    }

    private Part authService() throws IOException {
        Map<String, String> settings = served(auth, authManagement);
        settings.putAll(authority(state.data(ControlPlane.AUTH_SERVICE), enrolment));
        settings.put("weft.auth.enrolment.secrets-file", controlPlane().secrets().all().toString());
        settings.put("weft.auth.trust-domain", trustDomain());
        settings.putAll(signIn().authService());
        return parts.part(
                ControlPlane.AUTH_SERVICE,
                Stage.CONTROL,
                Run.of(programs.authService(), settings),
                Health.of(Parts.http(authManagement).resolve(READINESS)),
                Set.of(),
                List.of(auth, authManagement, enrolment));
    }

    private SignIn signIn() {
        return new SignIn(edge.port(), auth.port(), state.secrets());
    }

    /** The policy names it; certificates and policy mean the same. */
    private String trustDomain() throws IOException {
        return PolicyFiles.read(List.of(state.policy()))
                .compile()
                .good()
                .objects()
                .trustDomain()
                .name();
    }

    static Map<String, String> authority(Path stateDirectory, Claim enrolment) {
        return Map.of(
                "weft.auth.state-dir", stateDirectory.toString(),
                "weft.auth.tls.address", LOOPBACK,
                "weft.auth.tls.port", String.valueOf(enrolment.port()));
    }

    static Map<String, String> followed(Path policy, Path stateDirectory, Claim feed) {
        return Map.of(
                "weft.control-plane.operators.issuer",
                SignIn.ISSUER,
                "weft.control-plane.operators.open-on-loopback",
                "true",
                "weft.control-plane.feed.address",
                LOOPBACK,
                "weft.control-plane.feed.port",
                String.valueOf(feed.port()),
                "weft.control-plane.state-dir",
                stateDirectory.toString(),
                "spring.cloud.config.server.native.search-locations",
                policy.toUri().toString());
    }

    static Map<String, String> served(Claim port, Claim management) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("server.address", LOOPBACK);
        settings.put("server.port", String.valueOf(port.port()));
        settings.put("management.server.address", LOOPBACK);
        settings.put("management.server.port", String.valueOf(management.port()));
        return settings;
    }

    static List<String> zipkinArguments(int port) {
        return List.of(
                "--armeria.ports[0].ip=" + LOOPBACK,
                "--armeria.ports[0].port=" + port,
                "--armeria.ports[0].protocols[0]=http");
    }
}
