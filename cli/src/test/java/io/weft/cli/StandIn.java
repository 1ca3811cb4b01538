// SPDX-License-Identifier: Apache-2.0
package io.weft.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Stands in for any part of the mesh: listens on every port that its environment tells it and
 * answers 200. {@code GET /crash} ends it with exit code 3. It notes its end in the file
 * STANDIN_ENDED.
 */
public final class StandIn {

    private static final byte[] BODY =
            "{\"via\":\"edge, stand-in\"}".getBytes(StandardCharsets.UTF_8);

    private StandIn() {}

    public static void main(String[] args) throws IOException {
        Map<String, String> environment = System.getenv();
        for (String variable :
                environment.keySet().stream().filter(StandIn::isOwnPort).sorted().toList()) {
            listen(Integer.parseInt(environment.get(variable)));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> noteEnd(environment)));
        System.out.println("stand-in for " + name(environment));
    }

    private static boolean isOwnPort(String variable) {
        return variable.endsWith("_PORT") && !variable.contains("APP");
    }

    private static void listen(int port) throws IOException {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), 50);
        server.createContext("/", StandIn::answer);
        server.createContext("/crash", exchange -> Runtime.getRuntime().halt(3));
        server.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, BODY.length);
            exchange.getResponseBody().write(BODY);
        }
    }

    private static void noteEnd(Map<String, String> environment) {
        String file = environment.get("STANDIN_ENDED");
        boolean training = Path.of("").toAbsolutePath().toString().contains("training-");
        if (file != null && !training) {
            try {
                Files.writeString(
                        Path.of(file),
                        name(environment) + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                System.err.println(e);
            }
        }
    }

    private static String name(Map<String, String> environment) {
        String agent = environment.get("WEFT_AGENT_NAME");
        return Stream.of(
                        agent == null ? null : agent + "-agent",
                        environment.get("WEFT_DEMO_SERVICE"))
                .filter(name -> name != null)
                .findFirst()
                .orElse(Path.of(System.getProperty("java.class.path")).getFileName().toString());
    }
}
