// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.weft.conformance.tls.TestAuthority;
import io.weft.conformance.tls.TestIdentity;
import io.weft.dataplane.loop.Transport;
import io.weft.dataplane.loop.Workers;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A workload and the auth service that it has its identity from, with sockets and TLS between. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EnrolmentTest {

    private static final String SECRET = "a-secret-of-the-orders-service";

    private final TestAuthority authority = TestAuthority.create("shop.example");
    private final Workers workers = Workers.start(Transport.byDefault(), 1);
    private final WorkloadIdentity identity = new WorkloadIdentity();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Map<String, Object>> asked = new CopyOnWriteArrayList<>();
    private final List<Boolean> byCertificate = new CopyOnWriteArrayList<>();
    private volatile Duration life = Duration.ofHours(1);
    private volatile String issuedTo = "orders";
    private volatile String bundle = authority.bundle();
    private @TempDir Path directory;
    private Path secret;
    private Path root;

    @BeforeEach
    void prepare() throws Exception {
        secret = Files.writeString(directory.resolve("secret"), SECRET + "\n");
        root =
                Files.writeString(
                        directory.resolve("root.pem"),
                        TestIdentity.pem("CERTIFICATE", authority.root().getEncoded()));
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        workers.close();
    }

    // ---- the auth service -----------------------------------------------------------------------

    private int authService(String workload) throws IOException {
        return authService(workload, 0);
    }

    private int authService(String workload, int port) throws IOException {
        var server =
                HttpsServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
        SSLContext tls = authority.workload(workload).believingEverybody();
        server.setHttpsConfigurator(
                new HttpsConfigurator(tls) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters wanted = tls.getDefaultSSLParameters();
                        wanted.setWantClientAuth(true);
                        parameters.setSSLParameters(wanted);
                    }
                });
        server.createContext("/enrol", this::enrol);
        server.createContext("/bundle", exchange -> answer(exchange, bundle));
        server.start();
        open.add(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    private void enrol(HttpExchange exchange) throws IOException {
        try {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Map<String, Object> request = JSONObjectUtils.parse(body);
            byte[] csr = Base64.getDecoder().decode(String.valueOf(request.get("csr")));
            var key = new JcaPKCS10CertificationRequest(csr).getPublicKey();
            Instant now = Instant.now();
            var order = authority.order(issuedTo).valid(now.minusSeconds(60), now.plus(life));
            String chain =
                    authority.issue(order, key).stream()
                            .map(EnrolmentTest::base64)
                            .collect(Collectors.joining("\",\""));
            asked.add(request);
            byCertificate.add(hasCertificate((HttpsExchange) exchange));
            answer(exchange, "{\"chain\":[\"" + chain + "\"],\"bundle\":" + bundle + "}");
        } catch (ParseException | GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static boolean hasCertificate(HttpsExchange exchange) {
        try {
            return exchange.getSSLSession().getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String base64(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- the workload ---------------------------------------------------------------------------

    private void enrol(int port, @Nullable Path secretFile) {
        var settings =
                IdentitySettings.of(
                        ServiceName.parse("orders"),
                        URI.create("https://127.0.0.1:" + port),
                        root,
                        secretFile,
                        null,
                        null,
                        directory.resolve("identity"));
        var enrolment =
                new Enrolment(settings, identity, workers.all().getFirst(), Clock.systemUTC());
        open.add(enrolment);
        enrolment.start();
    }

    private String owner() {
        Credentials now = identity.credentials();
        return now == null ? "nobody" : String.valueOf(now.id());
    }

    @Test
    void enrolsWithItsSecretAndKeepsWhatItGets() throws Exception {
        enrol(authService("auth-service"), secret);
        await().until(identity::isValid);

        assertThat(owner()).isEqualTo("spiffe://shop.example/ns/default/svc/orders");
        assertThat(asked.getFirst().get("workload")).isEqualTo("orders");
        assertThat(asked.getFirst().get("attestation"))
                .isEqualTo(Map.of("enrolment-secret", SECRET));
        Path kept = directory.resolve("identity").resolve("identity.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        assertThat(asked.toString()).doesNotContain("PRIVATE");
    }

    @Test
    void needsNobodyToStartAgain() throws Exception {
        authority.workload("orders").keepIn(directory.resolve("identity"), authority.bundle());
        enrol(1, null);
        assertThat(identity.isValid()).isTrue();
    }

    @Test
    void usesNoIdentityThatHasEnded() throws Exception {
        Instant now = Instant.now();
        authority
                .issue(authority.order("orders").valid(now.minusSeconds(90), now.minusSeconds(1)))
                .keepIn(directory.resolve("identity"), authority.bundle());
        enrol(authService("auth-service"), secret);
        await().until(identity::isValid);
        assertThat(byCertificate).containsExactly(false);
    }

    @Test
    void renewsWithItsCertificateLongBeforeItEnds() throws Exception {
        life = Duration.ofSeconds(6);
        enrol(authService("auth-service"), secret);
        await().until(() -> asked.size() >= 3);
        assertThat(byCertificate.subList(0, 3)).containsExactly(false, true, true);
        assertThat(asked.get(1)).doesNotContainKey("attestation");
        assertThat(asked.get(1).get("csr")).isNotEqualTo(asked.get(0).get("csr"));
        assertThat(identity.isValid()).isTrue();
    }

    @Test
    void waitsForTheAuthService() throws Exception {
        int port = authService("auth-service");
        open.removeLast().close();
        enrol(port, secret);
        assertThat(identity.isValid()).isFalse();
        authService("auth-service", port);
        await().until(identity::isValid);
    }

    @Test
    void tellsItsSecretToNobodyElse() throws Exception {
        enrol(authService("payments"), secret);
        enrol(authService("auth-service"), secret);
        await().until(identity::isValid);
        assertThat(asked).hasSize(1);
    }

    @Test
    void takesNoIdentityOfSomebodyElse() throws Exception {
        issuedTo = "payments";
        enrol(authService("auth-service"), secret);
        await().until(() -> asked.size() >= 2);
        assertThat(identity.isValid()).isFalse();
    }

    @Test
    void followsTheTrustBundle() throws Exception {
        enrol(authService("auth-service"), secret);
        await().until(identity::isValid);
        Credentials before = identity.credentials();
        TestAuthority next = TestAuthority.create("shop.example");
        bundle = authority.bundle(2, List.of(next), List.of()).replace("hint\":5", "hint\":1");

        await().atMost(Duration.ofSeconds(20)).until(() -> identity.credentials() != before);
        assertThat(Files.readString(directory.resolve("identity/bundle.json")))
                .contains("\"spiffe_sequence\":2");
    }

    @Test
    void letsClientsOfTheJdkBelieveTheAuthServiceAlone() throws Exception {
        int port = authService("auth-service");
        int other = authService("payments");
        enrol(port, secret);
        await().until(identity::isValid);
        try (var client =
                HttpClient.newBuilder().sslContext(AuthServiceTrust.of(identity)).build()) {
            assertThat(client.send(get(port), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
            assertThatExceptionOfType(SSLException.class)
                    .isThrownBy(() -> client.send(get(other), BodyHandlers.ofString()));
        }
    }

    private static HttpRequest get(int port) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/bundle")).build();
    }
}
