// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import io.weft.conformance.tls.TestIdentity;
import java.io.IOException;
import java.io.Reader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;

/**
 * Everything of {@code weft up} that anybody could read is read, and no secret is found: logs,
 * command lines, environments, whatever each port answers, and files that others may open.
 */
final class LeaksDrill implements Drill {

    private static final int PATIENCE_MILLIS = 2_000;
    private static final int LONGEST_ANSWER = 4 << 20;
    private static final long LONGEST_FILE = 32 << 20;
    private static final Pattern SECRET =
            Pattern.compile("\"(?:secret|token)\"\\s*:\\s*\"([^\"]+)\"");

    private static final List<String> PATHS =
            List.of(
                    "/",
                    "/actuator",
                    "/actuator/env",
                    "/actuator/configprops",
                    "/actuator/beans",
                    "/actuator/loggers",
                    "/actuator/threaddump",
                    "/actuator/httpexchanges",
                    "/actuator/prometheus",
                    "/actuator/health",
                    "/actuator/policy",
                    "/env",
                    "/configprops",
                    "/metrics",
                    "/ready",
                    "/policy",
                    "/decisions",
                    "/api/policy",
                    "/api/policy/status",
                    "/config/application/default",
                    "/config/weft/default",
                    "/oauth2/jwks",
                    "/.well-known/openid-configuration",
                    "/error",
                    "/nothing-is-here");

    @Override
    public boolean run(Path root) throws Exception {
        var findings = new Findings("leaks: everything of weft up that can be read");
        Path weft = root.resolve(".weft");
        boolean mine = !Files.exists(weft.resolve("up.properties"));
        if (mine) {
            command(root, "up", "--detach", "--lite");
        }
        try {
            look(weft, findings);
        } finally {
            if (mine) {
                command(root, "down");
            }
        }
        return findings.end();
    }

    private static void command(Path root, String... words) throws IOException {
        var all = new ArrayList<>(List.of(root.resolve("weft").toString()));
        all.addAll(List.of(words));
        Path said = Files.createTempFile("weft-leaks", ".log");
        try {
            Process process =
                    new ProcessBuilder(all)
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile())
                            .start();
            int status = process.onExit().join().exitValue();
            if (status != 0) {
                throw new IOException(
                        all + " ended with " + status + ": " + Files.readString(said));
            }
        } finally {
            Files.delete(said);
        }
    }

    private static void look(Path weft, Findings findings) throws Exception {
        var up = new Properties();
        try (Reader reader = Files.newBufferedReader(weft.resolve("up.properties"))) {
            up.load(reader);
        }
        URI edge = URI.create(up.getProperty("EDGE"));
        var operator =
                new Operator(
                        URI.create(up.getProperty("AUTH")),
                        weft.resolve("data/auth-service/operator.token"));
        var secrets = new Secrets();
        secrets.of(weft);
        var answers = new TreeMap<String, String>();
        use(edge, operator, URI.create(up.getProperty("ENROLMENT")), secrets, answers);
        // What was asked for is logged a moment after it was answered.
        TimeUnit.SECONDS.sleep(2);
        findings.note("secrets that are looked for", secrets.count() + "");
        List<RunningProcess> processes = RunningProcess.tree(pid(up));
        findings.note("processes", processes.size() + "");
        processes(processes, secrets, findings);
        answers(processes, secrets, answers, findings);
        files(weft, secrets, findings);
    }

    private static long pid(Properties up) {
        return Long.parseLong(up.getProperty("pid"));
    }

    // ---- secrets in use -------------------------------------------------------------------------

    /** Makes one of each kind, and shows each where it is right and where it is wrong. */
    private static void use(
            URI edge,
            Operator operator,
            URI enrolment,
            Secrets secrets,
            Map<String, String> answers)
            throws IOException {
        String join = made(operator.post("/api/ca/join-tokens", "{\"workload\":\"catalog\"}"));
        String enrol = made(operator.post("/api/ca/secrets", "{\"workload\":\"catalog\"}"));
        String key = made(operator.post("/api/api-keys", "{\"client\":\"leaks\"}"));
        String invited =
                made(operator.post("/api/users", userJson("leak" + System.nanoTime() % 1_000)));
        String token = token();
        Map.of("join token", join, "enrolment secret", enrol, "API key", key).forEach(secrets::add);
        secrets.add("invitation", invited);
        secrets.add("access token", token);
        secrets.add("signature of an access token", token.substring(token.lastIndexOf('.') + 1));
        for (String path : List.of("/orders/42", "/nowhere", "/orders/..%2f")) {
            ask(edge.resolve(path), Map.of("Authorization", "Bearer " + token), "", answers);
            ask(edge.resolve(path), Map.of("X-Api-Key", key), "", answers);
        }
        URI auth = operator.auth();
        ask(auth.resolve("/api/ca"), Map.of("Authorization", "Bearer " + token), "", answers);
        ask(
                auth.resolve("/api/ca/join-tokens"),
                Map.of("Authorization", "Bearer " + token),
                "{\"workload\":\"" + join + "\"}",
                answers);
        ask(
                auth.resolve("/oauth2/token"),
                Map.of("Authorization", "Basic " + basic(key)),
                "grant_type=client_credentials&client_secret=" + key,
                answers);
        ask(auth.resolve("/welcome"), Map.of(), "secret=" + invited + "&password=x", answers);
        answers.put("enrolment, wrong workload", enrol(enrolment, body("payments", enrol)));
        answers.put("enrolment, wrong request", enrol(enrolment, body("catalog", enrol)));
        answers.put("enrolment, no JSON", enrol(enrolment, enrol + join));
    }

    private static String userJson(String name) {
        return "{\"username\":\"%s\",\"roles\":[\"nobody\"]}".formatted(name);
    }

    private static String made(String json) throws IOException {
        Matcher secret = SECRET.matcher(json);
        if (!secret.find()) {
            throw new IOException("no secret in the answer");
        }
        return secret.group(1);
    }

    /** Looks like one, and is none. */
    private static String token() {
        return part("{\"alg\":\"ES256\",\"kid\":\"leaks\",\"typ\":\"at+jwt\"}")
                + "."
                + part("{\"iss\":\"http://localhost:9000\",\"sub\":\"leaks\"}")
                + "."
                + part(UUID.randomUUID().toString() + UUID.randomUUID());
    }

    private static String part(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String basic(String secret) {
        return Base64.getEncoder()
                .encodeToString(("gateway:" + secret).getBytes(StandardCharsets.UTF_8));
    }

    private static String body(String workload, String secret) {
        return "{\"workload\":\"%s\",\"csr\":\"AAAA\",\"attestation\":{\"enrolment-secret\":\"%s\"}}"
                .formatted(workload, secret);
    }

    private static String enrol(URI enrolment, String body) {
        try (var socket = (SSLSocket) TestIdentity.anonymous().getSocketFactory().createSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), enrolment.getPort()),
                    PATIENCE_MILLIS);
            String head =
                    "POST /enrol HTTP/1.1\r\nHost: auth-service\r\nConnection: close\r\n"
                            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                                    .formatted(body.length());
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    // ---- where they must not be -----------------------------------------------------------------

    private static void processes(
            List<RunningProcess> processes, Secrets secrets, Findings findings) {
        var found = new TreeSet<String>();
        for (RunningProcess process : processes) {
            found.addAll(secrets.in(process.commandLine()));
            found.addAll(secrets.in(process.environment()));
        }
        none("command lines and environments", found, findings);
    }

    private static void answers(
            List<RunningProcess> processes,
            Secrets secrets,
            Map<String, String> answers,
            Findings findings) {
        var ports = new TreeSet<Integer>();
        processes.forEach(process -> ports.addAll(process.ports()));
        var dumps = new TreeSet<String>();
        for (int port : ports) {
            String base = "http://127.0.0.1:" + port;
            PATHS.forEach(path -> ask(URI.create(base + path), Map.of(), "", answers));
            int dump = ask(URI.create(base + "/actuator/heapdump"), Map.of(), "", answers);
            if (dump == HttpURLConnection.HTTP_OK) {
                dumps.add(base);
            }
        }
        findings.note("ports asked, answers read", ports.size() + ", " + answers.size());
        findings.check(
                "ports that give a heap dump",
                dumps.isEmpty() ? "none" : dumps + "",
                "none",
                dumps.isEmpty());
        var found = new TreeSet<String>();
        answers.forEach(
                (where, text) ->
                        secrets.in(text).forEach(what -> found.add(what + " from " + where)));
        none("answers", found, findings);
    }

    /** Notes the answer, which may be an error's; its status, or 0 when there was none. */
    private static int ask(
            URI url, Map<String, String> fields, String body, Map<String, String> answers) {
        try {
            var connection = (HttpURLConnection) url.toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            connection.setInstanceFollowRedirects(false);
            fields.forEach(connection::setRequestProperty);
            if (!body.isEmpty()) {
                connection.setDoOutput(true);
                connection.setRequestProperty(
                        "Content-Type",
                        body.startsWith("{")
                                ? "application/json"
                                : "application/x-www-form-urlencoded");
                connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            }
            int status = connection.getResponseCode();
            var in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
            String text =
                    in == null
                            ? ""
                            : new String(
                                    in.readNBytes(LONGEST_ANSWER), StandardCharsets.ISO_8859_1);
            answers.put(
                    url + " " + fields.keySet() + (body.isEmpty() ? "" : " with a body"),
                    connection.getHeaderFields() + "\n" + text);
            connection.disconnect();
            return status;
        } catch (IOException e) {
            answers.put(url + " " + fields.keySet(), String.valueOf(e.getMessage()));
            return 0;
        }
    }

    /** Logs have none at all; other files may, if they are their owner's alone. */
    private static void files(Path weft, Secrets secrets, Findings findings) throws IOException {
        var logs = new TreeSet<String>();
        var open = new TreeSet<String>();
        int read = 0;
        int kept = 0;
        try (Stream<Path> all = Files.walk(weft)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = weft.relativize(file).toString();
                if (name.startsWith("lib/") || Files.size(file) > LONGEST_FILE) {
                    continue;
                }
                read++;
                var found = secrets.in(Files.readString(file, StandardCharsets.ISO_8859_1));
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                kept += found.isEmpty() ? 0 : 1;
                if (name.endsWith(".log")) {
                    found.forEach(what -> logs.add(what + " in " + name));
                } else if (!found.isEmpty() && !mode.equals("rw-------")) {
                    open.add(name + " " + mode);
                }
            }
        }
        findings.note("files read", read + "");
        findings.check("files with secrets, their owner's alone", kept + "", "some", kept > 0);
        none("logs", logs, findings);
        none("files that others may open", open, findings);
    }

    private static void none(String where, Set<String> found, Findings findings) {
        findings.check(
                "secrets in " + where,
                found.isEmpty() ? "none" : found.toString(),
                "none",
                found.isEmpty());
    }
}
