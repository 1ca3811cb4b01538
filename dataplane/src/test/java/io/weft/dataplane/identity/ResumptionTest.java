// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.conformance.tls.TestAuthority;
import io.weft.conformance.tls.TestIdentity;
import io.weft.dataplane.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.util.io.TeeOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** T-09 and T-17 of the hostile inputs: what is known of a connection on another one. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ResumptionTest extends TlsBetweenAgents {

    @Test
    void resumesSessions() throws Exception {
        SSLContext tls = AUTHORITY.workload("cart").believingEverybody();
        for (int i = 0; i < 3; i++) {
            try (SSLSocket socket = connect(tls);
                    Wire client = Wire.of(socket)) {
                assertThat(client.ask(GET).status()).isEqualTo(200);
            }
        }
        assertThat(tls.getClientSessionContext().getIds().hasMoreElements()).isTrue();
    }

    @Test
    void looksAgainWhenASessionIsResumed() throws Exception {
        SSLContext tls = AUTHORITY.workload("cart").believingEverybody();
        try (SSLSocket socket = connect(tls);
                Wire client = Wire.of(socket)) {
            assertThat(client.ask(GET).status()).isEqualTo(200);
        }
        TestAuthority next = AUTHORITY.withNewIssuer();
        show(ofOrders, next.workload("orders"), distrusting());
        int before = application.requests();
        try (SSLSocket socket = connect(tls)) {
            assertNothingIsAnswered(socket);
        }
        assertThat(application.requests()).isEqualTo(before);
    }

    /** T-17: nor does the connection that there is go on. */
    @Test
    void knowsNobodyWhoWasRemovedSince() throws Exception {
        TestIdentity cart = AUTHORITY.workload("cart");
        SSLContext tls = cart.believingEverybody();
        try (SSLSocket socket = connect(tls);
                Wire client = Wire.of(socket)) {
            assertThat(client.ask(GET).status()).isEqualTo(200);
            show(ofOrders, AUTHORITY.workload("orders"), AUTHORITY.bundleWithout(2, "cart"));
            assertThat(client.isAtEnd()).isTrue();
        }
        int before = application.requests();
        for (SSLContext each : List.of(tls, cart.believingEverybody())) {
            try (SSLSocket socket = connect(each)) {
                assertNothingIsAnswered(socket);
            }
        }
        await().untilAsserted(() -> assertThat(reasons()).contains("removed"));
        assertThat(application.requests()).isEqualTo(before);
    }

    /** T-17: the ticket is good for longer than the certificate that it was given for. */
    @Test
    void resumesNoSessionOfACertificateThatHasEnded() throws Exception {
        Instant end = Instant.now().plusSeconds(4);
        var brief = AUTHORITY.order("cart").valid(end.minusSeconds(90), end);
        SSLContext tls = AUTHORITY.issue(brief).believingEverybody();
        try (SSLSocket socket = connect(tls);
                Wire client = Wire.of(socket)) {
            assertThat(client.ask(GET).status()).isEqualTo(200);
        }
        int before = application.requests();
        await().until(() -> Instant.now().isAfter(end.plusSeconds(1)));
        try (SSLSocket socket = connect(tls)) {
            assertNothingIsAnswered(socket);
        }
        await().untilAsserted(() -> assertThat(reasons()).contains("expired"));
        assertThat(application.requests()).isEqualTo(before);
    }

    /** T-09: what was recorded of a connection is worth nothing on another. */
    @Test
    void answersNoReplay() throws Exception {
        SSLContext tls = AUTHORITY.workload("cart").believingEverybody();
        var recorded = new ByteArrayOutputStream();
        for (int i = 0; i < 2; i++) {
            recorded.reset();
            try (var recorder = new RecordingSocket(inbound.address(), recorded);
                    Socket socket =
                            tls.getSocketFactory()
                                    .createSocket(recorder, "127.0.0.1", recorder.getPort(), true);
                    Wire client = Wire.of(socket)) {
                assertThat(client.ask(GET).status()).isEqualTo(200);
            }
        }
        int before = application.requests();
        for (int i = 0; i < 2; i++) {
            try (Socket again =
                    new Socket(inbound.address().getAddress(), inbound.address().getPort())) {
                again.setSoTimeout(10_000);
                again.getOutputStream().write(recorded.toByteArray());
                readToTheEnd(again);
            }
        }
        assertThat(application.requests()).isEqualTo(before);
    }

    private static final class RecordingSocket extends Socket {

        private final OutputStream copy;

        RecordingSocket(InetSocketAddress address, OutputStream copy) throws IOException {
            super(address.getAddress(), address.getPort());
            this.copy = copy;
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new TeeOutputStream(super.getOutputStream(), copy);
        }
    }

    private static void readToTheEnd(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException _) {
            // Reset, which is an end, too.
        }
    }

    /** T-09: by a client that believes the ticket allows it. */
    @Test
    void takesNoEarlyData(@TempDir Path directory) throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/openssl")) || System.getenv("CI") != null,
                "openssl is not installed");
        AUTHORITY.workload("cart").keepIn(directory, AUTHORITY.bundle());
        String pem = Files.readString(directory.resolve("identity.pem"));
        Files.writeString(
                directory.resolve("issuer.pem"),
                pem.substring(pem.lastIndexOf("-----BEGIN CERTIFICATE")));
        Path request =
                Files.writeString(
                        directory.resolve("request"),
                        GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        Path session = directory.resolve("session.pem");
        String first = openssl(directory, request, "-sess_out", session.toString());
        assertThat(first).contains("an order");

        Path hopeful = directory.resolve("hopeful.pem");
        Files.writeString(hopeful, allowingEarlyData(Files.readString(session)));
        String second =
                openssl(
                        directory,
                        request,
                        "-sess_in",
                        hopeful.toString(),
                        "-early_data",
                        request.toString());
        assertThat(second)
                .contains("Reused, TLSv1.3", "Early data was rejected")
                .containsOnlyOnce("an order");
        assertThat(application.requests()).isEqualTo(2);
    }

    private String openssl(Path identity, Path request, String... more) throws Exception {
        String pem = identity.resolve("identity.pem").toString();
        var command =
                new ArrayList<>(
                        List.of(
                                "openssl",
                                "s_client",
                                "-connect",
                                "127.0.0.1:" + inbound.address().getPort(),
                                "-tls1_3",
                                "-alpn",
                                "http/1.1",
                                "-ign_eof",
                                "-cert",
                                pem,
                                "-key",
                                pem,
                                "-cert_chain",
                                identity.resolve("issuer.pem").toString()));
        command.addAll(List.of(more));
        Path output = identity.resolve("output");
        Process process =
                new ProcessBuilder(command)
                        .redirectInput(request.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output);
    }

    /** OpenSSL's own form of a session, with {@code max_early_data} [15], which it did not get. */
    private static String allowingEarlyData(String pem) throws IOException {
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        var members = new ASN1EncodableVector();
        var promise = new DERTaggedObject(true, 15, new ASN1Integer(16_384));
        boolean promised = false;
        for (ASN1Encodable each : ASN1Sequence.getInstance(der)) {
            if (!promised && each instanceof ASN1TaggedObject tagged && tagged.getTagNo() > 15) {
                members.add(promise);
                promised = true;
            }
            members.add(each);
        }
        if (!promised) {
            members.add(promise);
        }
        return "-----BEGIN SSL SESSION PARAMETERS-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(new DERSequence(members).getEncoded())
                + "\n-----END SSL SESSION PARAMETERS-----\n";
    }
}
