// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.model;

import io.weft.conformance.proxy.Plane;
import io.weft.conformance.raw.Field;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** One client: reads its requests one after the other and refuses or forwards each. */
final class ModelConnection {

    private static final Set<String> METHODS_REFUSED = Set.of("CONNECT", "TRACE");
    private static final Pattern ANY = Pattern.compile(".+");
    private static final AtomicLong DECISIONS = new AtomicLong();

    private final ModelProxy proxy;
    private final Socket socket;
    private boolean idle = true;

    ModelConnection(ModelProxy proxy, Socket socket) {
        this.proxy = proxy;
        this.socket = socket;
    }

    void serve() {
        try (socket) {
            socket.setTcpNoDelay(true);
            Inbox in = new Inbox(socket.getInputStream(), 64 << 10);
            OutputStream out = socket.getOutputStream();
            while (serveOne(in, out)) {
                // The next one.
            }
            linger(in);
        } catch (IOException _) {
            // The client is gone.
        } finally {
            proxy.ended(this);
        }
    }

    synchronized void closeIfIdle() {
        if (idle) {
            close();
        }
    }

    void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }

    private synchronized void idle(boolean now) {
        idle = now;
        if (now && proxy.draining()) {
            close();
        }
    }

    private boolean serveOne(Inbox in, OutputStream out) throws IOException {
        String method = "GET";
        try {
            idle(true);
            ModelHead head = ModelHead.read(in, ANY, 16 << 10, 100);
            idle(false);
            if (head == null) {
                return false;
            }
            ModelRequest request = request(head);
            method = request.method();
            return new ModelExchange(proxy, request, in, out).run(socket);
        } catch (Refusal refusal) {
            answer(out, refusal, method);
            return !refusal.ends();
        }
    }

    private ModelRequest request(ModelHead head) throws Refusal {
        String[] line = head.startLine.split(" ", -1);
        if (line.length != 3 || !ModelHead.isToken(line[0]) || !line[1].matches("[!-~]+")) {
            throw Refusal.ending(400, "bad-request-line");
        }
        if (!line[2].matches("HTTP/[0-9]\\.[0-9]")) {
            throw Refusal.ending(400, "bad-version");
        }
        if (!line[2].matches("HTTP/1\\.[01]")) {
            throw Refusal.ending(505, "unsupported-version");
        }
        if (!line[0].matches("[A-Z][A-Z0-9-]{0,31}")) {
            throw Refusal.ending(501, "unknown-method");
        }
        if (METHODS_REFUSED.contains(line[0])) {
            throw Refusal.ending(405, "method-not-allowed");
        }
        for (String expectation : head.all("Expect")) {
            if (!expectation.equalsIgnoreCase("100-continue")) {
                throw Refusal.ending(417, "unknown-expectation");
            }
        }
        boolean http10 = line[2].endsWith("0");
        String target = target(line[0], line[1], head);
        List<String> options = head.connectionOptions();
        boolean persistent = http10 ? options.contains("keep-alive") : !options.contains("close");
        ModelRequest routed =
                routed(
                        new ModelRequest(
                                line[0],
                                target,
                                http10,
                                persistent,
                                head,
                                head.length(http10, proxy.has(Flaw.TAKES_THE_FIRST_LENGTH))));
        if (proxy.policy().guarded() && !proxy.has(Flaw.LETS_EVERYBODY_IN)) {
            ModelGuard.check(proxy.has(Flaw.DECIDES_ABOUT_WHAT_WAS_SENT) ? line[1] : target, head);
        }
        return routed;
    }

    private String target(String method, String target, ModelHead head) throws Refusal {
        List<String> hosts = head.all("Host");
        if (hosts.size() != 1 || !ModelTarget.isAuthority(hosts.getFirst())) {
            throw Refusal.ending(400, "bad-host");
        }
        if (target.equals("*") && method.equals("OPTIONS")) {
            return target;
        }
        String path = target;
        if (target.matches("(?i)https?://.*")) {
            String rest = target.substring(target.indexOf("//") + 2);
            String authority = rest.split("[/?]", 2)[0];
            if (!authority.equalsIgnoreCase(hosts.getFirst())) {
                throw Refusal.ending(400, "hosts-differ");
            }
            path = rest.substring(authority.length());
            path = path.startsWith("/") ? path : "/" + path;
        }
        return proxy.has(Flaw.KEEPS_DOT_SEGMENTS) && path.matches("/[a-z./]*")
                ? path
                : ModelTarget.normal(path);
    }

    private ModelRequest routed(ModelRequest request) throws Refusal {
        String via = String.join(",", request.head().all("Via"));
        if (List.of(via.split("[ ,]+")).contains(proxy.pseudonym())
                && !proxy.has(Flaw.GOES_IN_CIRCLES)) {
            throw Refusal.ending(508, "loop");
        }
        if (proxy.plane() == Plane.INBOUND) {
            return request;
        }
        String host = ModelTarget.host(request.head().all("Host").getFirst());
        if (!host.equals("a.test") || !proxy.policy().matches(request.target())) {
            throw refusedWithBody(request, 404, "no-route", "no-route");
        }
        if (!proxy.policy().allows(request.method())) {
            throw refusedWithBody(request, 403, "not-allowed", "denied");
        }
        return request;
    }

    /** The connection goes on only if nothing of the request is left on it. */
    private static Refusal refusedWithBody(
            ModelRequest request, int status, String reason, String flag) {
        return request.length() == 0 || request.length() == -2
                ? Refusal.of(status, reason, flag)
                : Refusal.ofEnding(status, reason, flag);
    }

    private void answer(OutputStream out, Refusal refusal, String method) throws IOException {
        proxy.rejected(refusal.status(), refusal.reason());
        String decision = proxy.pseudonym() + "-" + DECISIONS.incrementAndGet();
        String detail =
                proxy.has(Flaw.SHOWS_STACK_TRACES)
                        ? "java.lang.IllegalStateException at io.weft.Model"
                        : "The request was refused.";
        String body =
                "{\"status\":%d,\"title\":\"Refused\",\"detail\":\"%s\",\"flag\":\"%s\",\"decision\":\"%s\"}"
                        .formatted(refusal.status(), detail, refusal.flag(), decision);
        String head =
                Wire.head(
                        "HTTP/1.1 " + refusal.status() + " Refused",
                        "Content-Type: application/problem+json",
                        "Content-Length: " + body.length(),
                        "X-Weft-Decision: " + decision,
                        "Connection: " + (refusal.ends() ? "close" : "keep-alive"));
        out.write(Wire.bytes(head + (method.equals("HEAD") ? "" : body)));
    }

    /** Lets the client read the answer before the rest of what it sends meets a closed door. */
    private void linger(Inbox in) throws IOException {
        if (socket.isClosed()) {
            return;
        }
        socket.shutdownOutput();
        byte[] block = new byte[8192];
        in.deadline(System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
        try {
            while (in.read(block, block.length) >= 0) {
                // Dropped.
            }
        } catch (SocketTimeoutException _) {
            // Long enough.
        }
    }

    /** A request that may be forwarded. */
    record ModelRequest(
            String method,
            String target,
            boolean http10,
            boolean persistent,
            ModelHead head,
            long length) {

        boolean hasBody() {
            return length == -1 || length > 0;
        }

        boolean isSafe() {
            return Set.of("GET", "HEAD", "OPTIONS").contains(method) && !hasBody();
        }

        List<Field> fields() {
            return head.fields;
        }
    }
}
