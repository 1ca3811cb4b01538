// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A mesh of real processes on this machine, with a policy that the drill writes. Everything it
 * started is gone when it is closed.
 */
final class Stack implements AutoCloseable {

    private static final String VERSION = "0.1.0-SNAPSHOT";
    static final String AUTH_SERVICE = "auth-service";
    static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path root;
    private final Path directory;
    private final Map<String, Process> processes = new ConcurrentHashMap<>();

    /** For whoever ends a drill before it is over. */
    private final Thread atExit =
            new Thread(() -> processes.values().forEach(Process::destroyForcibly));

    private final Map<String, List<String>> commands = new HashMap<>();
    private List<String> agentOptions = List.of();
    private List<String> authSettings = List.of();
    private List<String> authOptions = List.of();
    private List<String> edgeSettings = List.of();
    private final int auth = freePort();
    private final int enrolment = freePort();
    private final int authManagement = freePort();
    private final int feed = freePort();
    private final int api = freePort();
    private final int controlManagement = freePort();
    private final int edge = freePort();
    private final int edgeManagement = freePort();

    /**
     * @param root of the repository, with the modules built
     */
    Stack(Path root) throws IOException {
        Runtime.getRuntime().addShutdownHook(atExit);
        this.root = root;
        this.directory = Files.createTempDirectory("weft-drill");
        Files.createDirectories(directory.resolve("policy"));
    }

    /** Ports of one agent. */
    record Agent(String name, int outbound, int inbound, int health, int app) {}

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- policy ---------------------------------------------------------------------------------

    /** Replaces a document the way editors do. */
    void policy(String name, String yaml) throws IOException {
        Path fresh = directory.resolve(name + ".new");
        Files.writeString(fresh, yaml);
        Files.move(
                fresh, directory.resolve("policy").resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The policy in force and its problems, as the control plane tells them. */
    String policyInForce() throws IOException {
        return get("http://127.0.0.1:" + api + "/api/policy");
    }

    // ---- processes ------------------------------------------------------------------------------

    /** Settings that the auth service gets besides those that it always has. */
    void authSettings(String... settings) {
        authSettings = List.of(settings);
    }

    /** The config server, and the auth service that gives everybody an identity. */
    void startControlPlane() throws IOException {
        startAuthService();
        var settings = new ArrayList<>(identity("weft.control-plane", "config-server"));
        settings.add("--server.port=" + api);
        settings.add("--management.server.port=" + controlManagement);
        settings.add("--weft.control-plane.operators.open-on-loopback=true");
        settings.add("--weft.control-plane.feed.port=" + feed);
        settings.add("--weft.control-plane.state-dir=" + directory.resolve("control-plane"));
        settings.add(
                "--spring.cloud.config.server.native.search-locations=file:"
                        + directory.resolve("policy"));
        start(
                "control-plane",
                java("config-server", "-XX:+UseSerialGC", "-Xmx128m"),
                settings.toArray(String[]::new));
        awaitControlPlane();
    }

    /**
     * Lets people of the demo sign in at the edge; to be said before anything is started. The
     * issuer has the name that the shop's policy knows, whatever its port.
     */
    void offerSignIn() {
        String issuer = "http://localhost:9000";
        String secret = directory.resolve("gateway-client").toString();
        authSettings =
                List.of(
                        "--spring.profiles.active=demo",
                        "--weft.auth.issuer=" + issuer,
                        "--weft.auth.demo.gateway.secret-file=" + secret,
                        "--weft.auth.demo.gateway.redirect-uris="
                                + site()
                                + "/login/oauth2/code/weft",
                        "--weft.auth.demo.gateway.post-logout-redirect-uris=" + site() + "/",
                        "--weft.auth.demo.gateway.back-channel-logout-uri="
                                + site()
                                + "/logout/connect/back-channel/weft");
        edgeSettings =
                List.of(
                        "--weft.gateway.sign-in.issuer=" + issuer,
                        "--weft.gateway.sign-in.address=" + signInSite(),
                        "--weft.gateway.sign-in.base=" + site(),
                        "--weft.gateway.sign-in.client-secret-file=" + secret);
    }

    /** The edge, as browsers know it. */
    String site() {
        return "http://localhost:" + edge;
    }

    /** The auth service, as browsers know it. */
    String signInSite() {
        return "http://localhost:" + auth;
    }

    /** The password of somebody of the demo. */
    String password(String user) throws IOException {
        var passwords = new Properties();
        try (var reader = Files.newBufferedReader(authState().resolve("demo-users.properties"))) {
            passwords.load(reader);
        }
        return passwords.getProperty(user);
    }

    /** Makes the start-up cache that the auth service runs with, as {@code weft up} does. */
    void trainAuthService() throws IOException {
        Path cache = directory.resolve("auth-service.aot");
        authOptions = List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:aot*=off");
        startAuthService();
        process(AUTH_SERVICE).destroy();
        process(AUTH_SERVICE).onExit().join();
        authOptions = List.of("-XX:AOTCache=" + cache);
    }

    private void startAuthService() throws IOException {
        if (!Files.exists(secrets())) {
            Files.createFile(secrets(), OWNER_ONLY);
        }
        var settings = new ArrayList<>(authSettings);
        settings.add("--server.port=" + auth);
        settings.add("--management.server.port=" + authManagement);
        settings.add("--weft.auth.state-dir=" + authState());
        settings.add("--weft.auth.tls.port=" + enrolment);
        settings.add("--weft.auth.enrolment.secrets-file=" + secrets());
        var options =
                new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx192m"));
        options.addAll(authOptions);
        start(
                AUTH_SERVICE,
                java("auth-service", options.toArray(String[]::new)),
                settings.toArray(String[]::new));
        awaitAuthService();
    }

    void awaitAuthService() {
        awaitReady(
                AUTH_SERVICE, "http://127.0.0.1:" + authManagement + "/actuator/health/readiness");
    }

    /** Where people, clients and operators find the auth service. */
    URI auth() {
        return URI.create("http://127.0.0.1:" + auth);
    }

    /** Where workloads enrol. */
    int enrolmentPort() {
        return enrolment;
    }

    int feedPort() {
        return feed;
    }

    /** Keys, roots, database and log of the auth service. */
    Path authState() {
        return directory.resolve("auth");
    }

    /** The file in which a proxy keeps its key and certificates. */
    Path identity(String name) {
        return directory.resolve(name).resolve("identity/identity.pem");
    }

    /** Where everything is that the processes keep. */
    Path directory() {
        return directory;
    }

    /** What a workload enrols with. */
    private List<String> identity(String prefix, String workload) throws IOException {
        boolean isNew = !Files.exists(directory.resolve("secret-" + workload));
        Path secret = secret(workload);
        if (isNew) {
            String line = workload + "=" + Files.readString(secret) + "\n";
            Files.writeString(secrets(), line, StandardOpenOption.APPEND);
        }
        return List.of(
                "--" + prefix + ".identity.auth-service=https://127.0.0.1:" + enrolment,
                "--" + prefix + ".identity.trust-root=" + directory.resolve("auth/root.pem"),
                "--" + prefix + ".identity.enrolment-secret-file=" + secret);
    }

    /** A file with a secret that nobody else knows, made when it is first asked for. */
    Path secret(String name) throws IOException {
        Path secret = directory.resolve("secret-" + name);
        if (!Files.exists(secret)) {
            Files.createFile(secret, OWNER_ONLY);
            Files.writeString(secret, UUID.randomUUID().toString() + UUID.randomUUID());
        }
        return secret;
    }

    private Path secrets() {
        return directory.resolve("secrets");
    }

    private void awaitControlPlane() {
        awaitReady(
                "control-plane",
                "http://127.0.0.1:" + controlManagement + "/actuator/health/readiness");
    }

    void startEdge() throws IOException {
        var settings = new ArrayList<>(identity("weft.gateway", "gateway"));
        settings.addAll(edgeSettings);
        settings.add("--server.port=" + edge);
        settings.add("--server.address=127.0.0.1");
        settings.add("--management.server.port=" + edgeManagement);
        settings.add("--weft.gateway.state-dir=" + directory.resolve("edge"));
        settings.add("--weft.gateway.control-plane=https://127.0.0.1:" + feed);
        start(
                "edge",
                java("gateway", "-XX:+UseSerialGC", "-Xmx192m"),
                settings.toArray(String[]::new));
        awaitEdge();
    }

    void awaitEdge() {
        awaitReady("edge", "http://127.0.0.1:" + edgeManagement + "/actuator/health/readiness");
    }

    /** What the edge has counted. */
    String edgeMetrics() throws IOException {
        return get("http://127.0.0.1:" + edgeManagement + "/actuator/prometheus");
    }

    InetSocketAddress edge() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), edge);
    }

    /** Starts an instance: its application and the agent beside it. */
    Agent startInstance(String service, String version, String instance) throws IOException {
        int app = freePort();
        start(
                instance + "-app",
                List.of(
                        javaHome(),
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        root.resolve("bench/target/weft-bench-" + VERSION + ".jar").toString(),
                        DrillApp.class.getName()),
                Integer.toString(app),
                instance,
                version);
        return startAgent(service, version, instance, app);
    }

    /** Starts a service of the demo shop and its agent, through which it calls the others. */
    Agent startShopService(String service) throws IOException {
        int app = freePort();
        Agent agent = newAgent(service, app);
        start(
                service + "-app",
                java(
                        "demo",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-Dhttp.proxyHost=127.0.0.1",
                        "-Dhttp.proxyPort=" + agent.outbound,
                        "-Dhttp.nonProxyHosts="),
                "--weft.demo.service=" + service,
                "--server.port=" + app);
        startAgent(service, "v1", agent);
        return agent;
    }

    private static Agent newAgent(String instance, int app) {
        return new Agent(instance, freePort(), freePort(), freePort(), app);
    }

    /**
     * Makes the start-up cache that agents run with, as {@code weft up} does: an agent is started
     * and asked once, and what its JVM loaded is kept.
     */
    void trainAgents() throws IOException {
        agentOptions = List.of("-XX:AOTCacheOutput=" + cache(), "-Xlog:aot*=off");
        Agent trainee = startClient("trainee");
        try {
            get("http://127.0.0.1:" + trainee.outbound + "/orders/42");
        } catch (IOException e) {
            // There is nobody to call yet: the refusal is what it is asked for.
        }
        process("trainee").destroy();
        process("trainee").onExit().join();
        agentOptions = List.of("-XX:AOTCache=" + cache());
    }

    private Path cache() {
        return directory.resolve("agent.aot");
    }

    /** Starts the agent of a workload that only calls others. */
    Agent startClient(String service) throws IOException {
        return startAgent(service, "v1", service, 0);
    }

    /** Starts an agent beside an application that is there already. */
    Agent startAgent(String service, String version, String instance, int app) throws IOException {
        Agent agent = newAgent(instance, app);
        startAgent(service, version, agent);
        return agent;
    }

    private void startAgent(String service, String version, Agent agent) throws IOException {
        String instance = agent.name;
        var settings = new ArrayList<>(identity("weft.agent", service));
        settings.add("--weft.agent.name=" + service);
        settings.add("--weft.agent.version=" + version);
        settings.add("--weft.agent.instance=" + instance);
        settings.add("--weft.agent.state-dir=" + directory.resolve(instance));
        settings.add("--weft.agent.control-plane=https://127.0.0.1:" + feed);
        settings.add("--weft.agent.outbound.port=" + agent.outbound);
        settings.add("--weft.agent.inbound.port=" + agent.inbound);
        settings.add("--weft.agent.inbound.address=127.0.0.1");
        settings.add("--weft.agent.health.port=" + agent.health);
        settings.add("--weft.agent.health.address=127.0.0.1");
        settings.add("--weft.agent.admin.port=0");
        if (agent.app != 0) {
            settings.add("--weft.agent.app.port=" + agent.app);
        }
        var options =
                new ArrayList<>(
                        List.of(
                                "-XX:+UseSerialGC",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Djdk.reflect.useNativeAccessorOnly=true",
                                "-Xms8m",
                                "-Xmx64m"));
        options.addAll(agentOptions);
        start(
                instance,
                java("mesh-agent", options.toArray(String[]::new)),
                settings.toArray(String[]::new));
        awaitAgent(agent);
    }

    void awaitAgent(Agent agent) {
        awaitReady(agent.name, "http://127.0.0.1:" + agent.health + "/ready");
    }

    private List<String> java(String module, String... options) {
        var command = new ArrayList<String>();
        command.add(javaHome());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-XX:+UseCompactObjectHeaders");
        command.addAll(List.of(options));
        command.add("-jar");
        command.add(
                root.resolve(module + "/target/weft-" + module + "-" + VERSION + ".jar")
                        .toString());
        return command;
    }

    private static String javaHome() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private void start(String name, List<String> command, String... arguments) throws IOException {
        var all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        commands.put(name, all);
        restart(name);
    }

    /** Starts a process again as it was started before. */
    void restart(String name) throws IOException {
        List<String> command = commands.getOrDefault(name, List.of());
        processes.put(
                name,
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        directory.resolve(name + ".log").toFile()))
                        .start());
    }

    void restartControlPlane() throws IOException {
        restart("control-plane");
        awaitControlPlane();
    }

    /** Ends a process at once, without a chance to say good-bye. */
    void kill(String name) throws InterruptedException {
        Process process = process(name);
        process.destroyForcibly();
        process.waitFor();
    }

    /** Lets a process end as it is meant to. */
    void stop(String name) throws InterruptedException {
        Process process = process(name);
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(name + " does not end: " + log(name));
        }
    }

    /** Every process that was ever started. */
    Set<String> names() {
        return Set.copyOf(processes.keySet());
    }

    long pid(String name) {
        return process(name).pid();
    }

    private Process process(String name) {
        Process process = processes.get(name);
        if (process == null) {
            throw new IllegalArgumentException("no process " + name);
        }
        return process;
    }

    // ---- waiting --------------------------------------------------------------------------------

    private void awaitReady(String name, String url) {
        boolean ready =
                await(
                        PATIENCE,
                        () -> {
                            if (!process(name).isAlive()) {
                                throw new IllegalStateException(name + " ended: " + log(name));
                            }
                            return isOk(url);
                        });
        if (!ready) {
            throw new IllegalStateException(name + " is not ready at " + url + ": " + log(name));
        }
    }

    /** Whether something became true in time; looked at every few milliseconds. */
    static boolean await(Duration patience, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end) {
            if (condition.getAsBoolean()) {
                return true;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return condition.getAsBoolean();
    }

    private String log(String name) {
        try {
            List<String> lines = Files.readAllLines(directory.resolve(name + ".log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return "no log";
        }
    }

    static boolean isOk(String url) {
        try {
            get(url);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static String get(String url) throws IOException {
        var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setConnectTimeout(500);
        connection.setReadTimeout(2_000);
        try (var in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            connection.disconnect();
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        processes.values().forEach(Process::destroyForcibly);
        for (Process process : processes.values()) {
            process.onExit().join();
        }
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(Stack::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
