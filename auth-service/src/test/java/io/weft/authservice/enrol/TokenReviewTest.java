// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.enrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.weft.authservice.enrol.EnrolmentSettings.Kubernetes;
import io.weft.authservice.enrol.Refusal.Kind;
import io.weft.authservice.fixture.TestCsrs;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against a stand-in for the API server: real TLS, answers as the API documents them (C-05). */
class TokenReviewTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir Path directory;
    private HttpsServer server;
    private volatile JsonNode asked = JSON.createObjectNode();
    private volatile String authorization = "";
    private volatile int status = 201;
    private volatile String answer = "";

    @BeforeEach
    void start() throws Exception {
        KeyPair key = TestCsrs.key();
        X509Certificate certificate = certificate(key);
        writeRoot(directory.resolve("ca.crt"), certificate);
        Files.writeString(directory.resolve("token"), "reviewer\n");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls(key, certificate)));
        server.createContext("/apis/authentication.k8s.io/v1/tokenreviews", this::review);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void review(HttpExchange exchange) throws IOException {
        asked = JSON.readTree(exchange.getRequestBody().readAllBytes());
        authorization = exchange.getRequestHeaders().getFirst("Authorization");
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static X509Certificate certificate(KeyPair key) throws Exception {
        var name = new X500Name("CN=api");
        Instant now = Instant.now();
        return new JcaX509CertificateConverter()
                .getCertificate(
                        new JcaX509v3CertificateBuilder(
                                        name,
                                        BigInteger.ONE,
                                        Date.from(now.minusSeconds(60)),
                                        Date.from(now.plusSeconds(3_600)),
                                        name,
                                        key.getPublic())
                                .addExtension(
                                        Extension.subjectAlternativeName,
                                        false,
                                        new GeneralNames(new GeneralName(7, "127.0.0.1")))
                                .build(
                                        new JcaContentSignerBuilder("SHA256withECDSA")
                                                .build(key.getPrivate())));
    }

    private static void writeRoot(Path file, X509Certificate certificate) throws IOException {
        var pem = new StringWriter();
        try (var writer = new JcaPEMWriter(pem)) {
            writer.writeObject(certificate);
        }
        Files.writeString(file, pem.toString());
    }

    private static SSLContext tls(KeyPair key, X509Certificate certificate) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("api", key.getPrivate(), new char[0], new X509Certificate[] {certificate});
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(factory.getKeyManagers(), null, null);
        return tls;
    }

    private ServiceName ask() {
        var settings =
                new Kubernetes(
                        URI.create("https://127.0.0.1:" + server.getAddress().getPort()),
                        directory.resolve("ca.crt"),
                        directory.resolve("token"),
                        "weft");
        return new TokenReview(settings).review("of the pod");
    }

    private void refuses(Kind kind) {
        assertThatThrownBy(this::ask)
                .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageNotContaining("of the pod");
    }

    private static String reviewed(String audience, String username) {
        return """
        {"status": {"authenticated": true, "audiences": ["%s"], "user": {"username": "%s"}}}
        """
                .formatted(audience, username);
    }

    @Test
    void serviceAccountIsTheWorkloadOfItsNamespace() {
        answer = reviewed("weft", "system:serviceaccount:finance:billing");

        assertThat(ask()).isEqualTo(new ServiceName("billing", "finance"));
        assertThat(authorization).isEqualTo("Bearer reviewer");
        assertThat(asked.path("spec").path("token").asString()).isEqualTo("of the pod");
        assertThat(asked.path("spec").path("audiences").get(0).asString()).isEqualTo("weft");
    }

    @Test
    void tokensThatAreExpiredOrNotForUsAreRefused() {
        answer = "{\"status\": {\"authenticated\": false, \"error\": \"token has expired\"}}";
        refuses(Kind.NOT_ATTESTED);
        answer = reviewed("vault", "system:serviceaccount:finance:billing");
        refuses(Kind.NOT_ATTESTED);
        answer = "{\"status\": {\"authenticated\": true, \"user\": {\"username\": \"x\"}}}";
        refuses(Kind.NOT_ATTESTED);
    }

    @Test
    void usersAreNoWorkloads() {
        for (String name :
                List.of(
                        "admin",
                        "system:node:a",
                        "system:serviceaccount:a",
                        "system:serviceaccount:A:b")) {
            answer = reviewed("weft", name);
            refuses(Kind.FORBIDDEN);
        }
    }

    @Test
    void clusterThatDoesNotAnswerIsNoVerdict() throws Exception {
        answer = "no JSON";
        refuses(Kind.UNAVAILABLE);
        status = 403;
        refuses(Kind.UNAVAILABLE);
        writeRoot(directory.resolve("ca.crt"), certificate(TestCsrs.key()));
        refuses(Kind.UNAVAILABLE);
    }
}
