// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.model;

import io.weft.conformance.model.ModelConnection.ModelRequest;
import io.weft.conformance.model.ModelPolicy.Destination;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.raw.Field;
import io.weft.conformance.raw.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request on its way: an upload thread beside the thread that brings the answer back. */
final class ModelExchange {

    private static final Set<String> NEVER_TRAILING =
            Set.of(
                    "host",
                    "content-length",
                    "content-type",
                    "content-encoding",
                    "content-range",
                    "transfer-encoding",
                    "authorization",
                    "cookie",
                    "set-cookie",
                    "expect",
                    "via");

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?");

    private final ModelProxy proxy;
    private final ModelRequest request;
    private final Inbox in;
    private final OutputStream out;
    private final ModelPolicy policy;
    private final Destination destination;
    private volatile @Nullable Refusal uploadRefusal;
    private volatile boolean uploaded;
    private volatile boolean clientGone;
    private boolean answering;
    private boolean goesOn;

    ModelExchange(ModelProxy proxy, ModelRequest request, Inbox in, OutputStream out) {
        this.proxy = proxy;
        this.request = request;
        this.in = in;
        this.out = out;
        this.policy = proxy.policy();
        this.destination = choose();
    }

    /** Forwards it; whether the connection goes on. */
    boolean run(Socket client) throws IOException, Refusal {
        long deadline = deadline();
        boolean fresh = false;
        while (true) {
            ModelLine line = line(fresh);
            try {
                return run(line, deadline, client);
            } catch (Stale _) {
                fresh = true;
            }
        }
    }

    private ModelLine line(boolean fresh) throws Refusal {
        try {
            return proxy.pool().take(destination.version(), fresh);
        } catch (IOException _) {
            throw refused(503, "unreachable");
        }
    }

    private boolean run(ModelLine line, long deadline, Socket client)
            throws IOException, Refusal, Stale {
        ModelBody body =
                ModelBody.ofRequest(in, request.length(), proxy.has(Flaw.FORGIVES_CHUNK_ENDS));
        if (!proxy.has(Flaw.IGNORES_THAT_CLIENTS_LEAVE)) {
            in.watchedBy(() -> leave(line));
            leave(line);
        }
        boolean keep = false;
        try {
            byte[] head = requestHead();
            Thread upload = Thread.ofVirtual().start(() -> upload(head, body, line));
            line.in().deadline(deadline);
            ModelHead answer = head(line);
            ModelBody answerBody = answerBody(answer, line);
            boolean persistent = answer(answer, answerBody, body);
            line.in().noDeadline();
            if (body.done()) {
                upload.join();
            }
            keep = uploaded && persistent && !answerBody.untilClose();
            return goesOn;
        } catch (InterruptedException e) {
            throw new IOException(e);
        } catch (SocketTimeoutException e) {
            throw failed(504, "timeout", client);
        } catch (IOException e) {
            throw failed(502, "upstream", client);
        } finally {
            in.watchedBy(() -> {});
            if (keep) {
                proxy.pool().give(line);
            } else {
                line.close();
            }
        }
    }

    /** The upstream is of no use to a client that left. */
    private void leave(ModelLine line) {
        if (in.ended()) {
            clientGone = true;
            line.close();
        }
    }

    private void upload(byte[] head, ModelBody body, ModelLine line) {
        try {
            line.write(head, head.length);
            byte[] block = new byte[16 << 10];
            for (int n = body.read(block); n >= 0; n = body.read(block)) {
                if (body.isChunked()) {
                    byte[] size = Wire.bytes(Integer.toHexString(n) + "\r\n");
                    line.write(size, size.length);
                    line.write(block, n);
                    line.write(Wire.bytes("\r\n"), 2);
                } else {
                    line.write(block, n);
                }
            }
            if (body.isChunked()) {
                byte[] end = Wire.bytes("0\r\n" + lines(trailers(body.trailers())) + "\r\n");
                line.write(end, end.length);
            }
            uploaded = true;
        } catch (Refusal refusal) {
            uploadRefusal = refusal;
            line.close();
        } catch (IOException _) {
            // Whoever waits for the answer finds out.
        }
    }

    /** The final head of the answer; interim ones are passed on. */
    private ModelHead head(ModelLine line) throws IOException, Refusal, Stale {
        while (true) {
            ModelHead head;
            try {
                head = ModelHead.read(line.in(), STATUS_LINE, 64 << 10, 200);
            } catch (Refusal _) {
                throw new IOException("malformed answer");
            }
            if (head == null) {
                boolean may = request.isSafe() || proxy.has(Flaw.REPEATS_ANYTHING);
                if (line.isReused() && may && !clientGone && uploadRefusal == null) {
                    throw new Stale();
                }
                throw new IOException("no answer");
            }
            int status = status(head);
            if (status == 101) {
                throw new IOException("unasked switch");
            }
            if (status >= 200) {
                return head;
            }
            out.write(Wire.bytes(head.startLine + "\r\n" + lines(passing(head)) + "\r\n"));
        }
    }

    private static int status(ModelHead head) {
        return Integer.parseInt(head.startLine.substring(9, 12));
    }

    private ModelBody answerBody(ModelHead head, ModelLine line) throws IOException {
        int status = status(head);
        try {
            long length = head.length(head.startLine.startsWith("HTTP/1.0"), false);
            boolean none = status == 204 || status == 304 || request.method().equals("HEAD");
            return ModelBody.ofResponse(line.in(), length, none);
        } catch (Refusal _) {
            throw new IOException("malformed answer");
        }
    }

    /** Passes the answer on; whether the upstream keeps its connection. */
    private boolean answer(ModelHead head, ModelBody body, ModelBody upload)
            throws IOException, Refusal {
        int status = status(head);
        boolean chunks = body.isChunked() && !request.http10();
        List<Field> fields = passing(head);
        if (proxy.plane() != Plane.INBOUND) {
            fields = policy.responseEdits().applyTo(fields);
        }
        boolean lengthless = status == 204;
        for (String length :
                lengthless || body.isChunked() ? List.<String>of() : head.all("Content-Length")) {
            fields.add(new Field("Content-Length", length));
        }
        if (chunks) {
            fields.add(new Field("Transfer-Encoding", "chunked"));
        }
        goesOn = upload.done() && request.persistent() && !proxy.draining();
        if (!goesOn) {
            fields.add(new Field("Connection", "close"));
        } else if (request.http10()) {
            fields.add(new Field("Connection", "keep-alive"));
        }
        ByteArrayOutputStream held = new ByteArrayOutputStream();
        OutputStream to = proxy.has(Flaw.BUFFERS_ANSWERS) ? held : out;
        String reason = head.startLine.length() > 13 ? head.startLine.substring(13) : "";
        answering = true;
        to.write(Wire.bytes("HTTP/1.1 " + status + " " + reason + "\r\n" + lines(fields) + "\r\n"));
        copy(body, chunks, to);
        out.write(held.toByteArray());
        return !head.startLine.startsWith("HTTP/1.0") && !connectionOptions(head).contains("close");
    }

    private void copy(ModelBody body, boolean chunks, OutputStream to) throws IOException, Refusal {
        byte[] block = new byte[16 << 10];
        try {
            for (int n = body.read(block); n >= 0; n = body.read(block)) {
                if (chunks) {
                    to.write(Wire.bytes(Integer.toHexString(n) + "\r\n"));
                }
                to.write(block, 0, n);
                if (chunks) {
                    to.write(Wire.bytes("\r\n"));
                }
            }
        } catch (IOException | Refusal e) {
            if (!proxy.has(Flaw.ENDS_CUT_ANSWERS_CLEANLY)) {
                throw e instanceof IOException io ? io : new IOException("malformed body");
            }
        }
        if (chunks) {
            to.write(Wire.bytes("0\r\n" + lines(trailers(body.trailers())) + "\r\n"));
        }
    }

    private Refusal failed(int status, String flag, Socket client) throws IOException {
        if (uploadRefusal != null && !answering) {
            return uploadRefusal;
        }
        if (answering || clientGone) {
            // The only way to tell the client that what it has is not all.
            client.setSoLinger(true, 0);
            client.close();
            throw new IOException("answer cut");
        }
        return uploaded || !request.hasBody()
                ? Refusal.of(status, flag, flag)
                : Refusal.ofEnding(status, flag, flag);
    }

    private Refusal refused(int status, String reason) {
        return request.hasBody()
                ? Refusal.ofEnding(status, reason, "upstream")
                : Refusal.of(status, reason, "upstream");
    }

    private byte[] requestHead() throws Refusal {
        List<Field> fields = passing(request.head());
        if (proxy.plane() != Plane.INBOUND) {
            fields = destination.requestEdits().applyTo(policy.requestEdits().applyTo(fields));
        }
        fields.add(0, new Field("Host", request.head().all("Host").getFirst()));
        if (request.length() == -1) {
            fields.add(new Field("Transfer-Encoding", "chunked"));
        } else if (request.length() >= 0) {
            fields.add(new Field("Content-Length", Long.toString(request.length())));
        }
        if (!request.head().all("Expect").isEmpty() && request.hasBody() && !request.http10()) {
            fields.add(new Field("Expect", "100-continue"));
        }
        if (!proxy.has(Flaw.TRUSTS_FORWARDED_FOR)) {
            fields.add(new Field("X-Forwarded-For", "127.0.0.1"));
        }
        fields.add(new Field("Via", "1.1 " + proxy.pseudonym()));
        String line = request.method() + " " + request.target() + " HTTP/1.1\r\n";
        return Wire.bytes(line + lines(fields) + "\r\n");
    }

    private List<Field> passing(ModelHead head) throws Refusal {
        List<String> nominated = connectionOptions(head);
        List<Field> passing = new ArrayList<>();
        for (Field field : head.fields) {
            String name = field.name().toLowerCase(Locale.ROOT);
            boolean framing =
                    Set.of("host", "content-length", "transfer-encoding", "expect").contains(name);
            boolean hop = ModelHead.isOfOneHop(name) || nominated.contains(name);
            if (!framing
                    && (!hop || proxy.has(Flaw.PASSES_HOP_BY_HOP_FIELDS))
                    && (!ModelHead.isClaim(name) || proxy.has(Flaw.TRUSTS_FORWARDED_FOR))) {
                passing.add(field);
            }
        }
        return passing;
    }

    private static List<String> connectionOptions(ModelHead head) throws Refusal {
        return head.connectionOptions();
    }

    private static List<Field> trailers(List<Field> all) {
        return all.stream()
                .filter(
                        field -> {
                            String name = field.name().toLowerCase(Locale.ROOT);
                            return !NEVER_TRAILING.contains(name)
                                    && !ModelHead.isOfOneHop(name)
                                    && !ModelHead.isClaim(name);
                        })
                .toList();
    }

    private static String lines(List<Field> fields) {
        StringBuilder lines = new StringBuilder();
        fields.forEach(field -> lines.append(field).append("\r\n"));
        return lines.toString();
    }

    private long deadline() {
        if (proxy.plane() == Plane.INBOUND || proxy.has(Flaw.FORGETS_THE_REQUEST_TIMEOUT)) {
            return Long.MAX_VALUE;
        }
        return policy.attemptTimeout()
                .or(policy::requestTimeout)
                .map(timeout -> System.nanoTime() + timeout.toNanos())
                .orElse(Long.MAX_VALUE);
    }

    private Destination choose() {
        if (proxy.plane() == Plane.INBOUND) {
            return new Destination(Optional.empty(), 1, ModelPolicy.Edits.NONE);
        }
        int zero = proxy.has(Flaw.TAKES_ZERO_FOR_A_WEIGHT) ? 1 : 0;
        int sum = policy.destinations().stream().mapToInt(d -> Math.max(zero, d.weight())).sum();
        int at = ThreadLocalRandom.current().nextInt(sum);
        for (Destination each : policy.destinations()) {
            at -= Math.max(zero, each.weight());
            if (at < 0) {
                return each;
            }
        }
        throw new IllegalStateException("no destination");
    }

    /** The connection had ended before the request: another one may take it. */
    private static final class Stale extends Exception {}
}
