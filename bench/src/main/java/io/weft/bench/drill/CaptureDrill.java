// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import io.weft.conformance.tls.TestAuthority;
import io.weft.conformance.tls.TestIdentity;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * What somebody sees who listens in between the shop's agents: TLS 1.3 and nothing of what is said.
 * And what somebody gets who speaks to them in clear, or shows a certificate of somebody else.
 */
final class CaptureDrill implements Drill {

    private static final int REQUESTS = 50;
    private static final int PATIENCE_MILLIS = 5_000;

    @Override
    public boolean run(Path root) throws Exception {
        var findings = new Findings("capture: between the agents of the shop");
        try (var stack = new Stack(root)) {
            stack.authSettings("--weft.auth.trust-domain=" + ShopPolicy.TRUST_DOMAIN);
            stack.policy(ShopPolicy.FILE, ShopPolicy.takingOrders(root));
            stack.startControlPlane();
            try (var capture = Capture.start(stack.directory())) {
                var agents = new ArrayList<Stack.Agent>();
                for (String service : List.of("payments", "orders", "storefront")) {
                    agents.add(stack.startShopService(service));
                }
                stack.startEdge();
                listen(stack, agents, capture, findings);
                for (Stack.Agent agent : agents) {
                    intrude(agent, findings);
                }
            }
        }
        return findings.end();
    }

    // ---- listening ------------------------------------------------------------------------------

    private static void listen(
            Stack stack, List<Stack.Agent> agents, Capture capture, Findings findings)
            throws IOException, InterruptedException {
        String marker = UUID.randomUUID().toString();
        talk(stack, marker, findings);
        String last = UUID.randomUUID().toString();
        order(edge(stack), last);
        List<Capture.Stream> all = capture.stop(last);
        Set<Integer> inbound =
                agents.stream().map(Stack.Agent::inbound).collect(Collectors.toSet());
        List<Capture.Stream> meant = all.stream().filter(each -> isOf(each, inbound)).toList();
        List<Capture.Stream> between =
                meant.stream().filter(each -> each.bytes().length > 0).toList();
        findings.note("connections to the agents, both directions", between.size() + "");
        findings.note("packets that tcpdump lost", capture.lost());
        long cut = between.stream().filter(each -> !each.whole()).count();
        findings.check("directions that were not caught whole", cut + "", "0", cut == 0);
        List<String> problems =
                between.stream()
                        .map(each -> TlsRecords.problem(each.bytes()))
                        .filter(problem -> !problem.isEmpty())
                        .toList();
        findings.check(
                "what is not TLS 1.3",
                problems.isEmpty() && !between.isEmpty() ? "nothing" : problems.toString(),
                "nothing",
                problems.isEmpty() && !between.isEmpty());
        Map<String, Long> agreed =
                between.stream()
                        .filter(each -> inbound.contains(each.from()))
                        .collect(
                                Collectors.groupingBy(
                                        each -> TlsRecords.agreed(each.bytes()),
                                        Collectors.counting()));
        findings.check(
                "what servers agreed to (11ec is X25519MLKEM768)",
                agreed.toString(),
                "TLS 1.3 only",
                agreed.keySet().stream().allMatch(each -> each.startsWith("TLS 1.3")));
        long seen = between.stream().filter(each -> has(each, marker)).count();
        long elsewhere = all.stream().filter(each -> has(each, marker)).count();
        findings.check("the body's marker between agents", seen + " times", "never", seen == 0);
        findings.check(
                "the same where visitors and services speak in clear",
                elsewhere + " times",
                "seen",
                elsewhere > 0);
    }

    private static boolean isOf(Capture.Stream stream, Set<Integer> ports) {
        return ports.contains(stream.from()) || ports.contains(stream.to());
    }

    private static boolean has(Capture.Stream stream, String marker) {
        return new String(stream.bytes(), StandardCharsets.ISO_8859_1).contains(marker);
    }

    /** Orders go edge → storefront → orders, and what is wrong with them is told all the way. */
    private static void talk(Stack stack, String marker, Findings findings) {
        String edge = edge(stack);
        Stack.await(Stack.PATIENCE, () -> Stack.isOk(edge + "/orders/42"));
        long bad =
                IntStream.range(0, REQUESTS).filter(_ -> !Stack.isOk(edge + "/orders/42")).count();
        findings.check("orders asked for and not given", bad + "", "0", bad == 0);
        String answer = order(edge, marker);
        boolean told = answer.startsWith("4");
        findings.check("an order of the marker", answer, "refused by the shop", told);
    }

    private static String edge(Stack stack) {
        return "http://127.0.0.1:" + stack.edge().getPort();
    }

    private static String order(String edge, String item) {
        String json = "{\"item\":\"" + item + "\"}";
        try {
            var connection =
                    (HttpURLConnection) URI.create(edge + "/orders").toURL().openConnection();
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setReadTimeout(PATIENCE_MILLIS);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
            return Integer.toString(connection.getResponseCode());
        } catch (IOException e) {
            return e.toString();
        }
    }

    // ---- intruding ------------------------------------------------------------------------------

    private static void intrude(Stack.Agent agent, Findings findings) {
        var inbound = new InetSocketAddress(InetAddress.getLoopbackAddress(), agent.inbound());
        var question = new Question(inbound, agent.name(), "/orders/42", null);
        refused(agent, "in clear", question.ask().toString(), findings);
        refused(agent, "without a certificate", over(TestIdentity.anonymous(), inbound), findings);
        TestIdentity stranger = TestAuthority.create("other.example").workload("gateway");
        refused(
                agent,
                "as gateway of another trust domain",
                over(stranger.believingEverybody(), inbound),
                findings);
        TestIdentity impostor = TestAuthority.create(ShopPolicy.TRUST_DOMAIN).workload("gateway");
        refused(
                agent,
                "as gateway by another authority",
                over(impostor.believingEverybody(), inbound),
                findings);
    }

    private static void refused(Stack.Agent agent, String how, String got, Findings findings) {
        boolean answered = got.matches("\\d{3}");
        findings.check(agent.name() + " asked " + how, got, "no answer", !answered);
    }

    /** The status of an answer, or why there is none. */
    private static String over(SSLContext context, InetSocketAddress to) {
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(to, PATIENCE_MILLIS);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(12);
            return answer.length < 12
                    ? "no answer"
                    : new String(answer, 9, 3, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "no answer";
        }
    }
}
