// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.enrol;

import io.weft.authservice.enrol.EnrolmentSettings.Kubernetes;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a cluster whose token that is (TokenReview, authentication.k8s.io/v1). Expiry, the pod's end
 * and the signature are the cluster's to judge; that it is meant for us is checked here as well,
 * because a server that does not know audiences answers without them.
 */
final class TokenReview {

    private static final Logger log = LoggerFactory.getLogger(TokenReview.class);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String PATH = "/apis/authentication.k8s.io/v1/tokenreviews";

    private static final String ACCOUNT = "system:serviceaccount:";

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final int MAX_ANSWER = 64 * 1024;

    private final Kubernetes settings;
    private final URI uri;

    TokenReview(Kubernetes settings) {
        this.settings = settings;
        this.uri = settings.apiServer().resolve(PATH);
    }

    /**
     * The workload whose service account the token is of.
     *
     * @throws Refusal when it is nobody's, or not meant for us, or the cluster does not answer
     */
    ServiceName review(String token) {
        JsonNode status = ask(token).path("status");
        if (!status.path("authenticated").asBoolean(false)) {
            throw Refusal.notAttested("the cluster does not know this token");
        }
        if (!meantForUs(status.path("audiences"))) {
            throw Refusal.notAttested("the token is not meant for " + settings.audience());
        }
        return workload(status.path("user").path("username").asString(""));
    }

    private boolean meantForUs(JsonNode audiences) {
        for (JsonNode each : audiences) {
            if (each.asString("").equals(settings.audience())) {
                return true;
            }
        }
        return false;
    }

    private static ServiceName workload(String username) {
        String[] parts = username.split(":", -1);
        if (!username.startsWith(ACCOUNT)
                || parts.length != 4
                || !ServiceName.isLabel(parts[2])
                || !ServiceName.isLabel(parts[3])) {
            throw Refusal.forbidden("the token is not that of a service account");
        }
        return new ServiceName(parts[3], parts[2]);
    }

    private JsonNode ask(String token) {
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(PATIENCE).sslContext(tls()).build()) {
            HttpResponse<InputStream> response =
                    http.send(request(token), BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] answer = body.readNBytes(MAX_ANSWER);
                if (response.statusCode() != 201 && response.statusCode() != 200) {
                    throw new IOException("status " + response.statusCode());
                }
                return JSON.readTree(answer);
            } finally {
                http.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.unavailable("the service is stopping");
        } catch (IOException | GeneralSecurityException | JacksonException e) {
            log.warn("{} does not review tokens: {}", uri, e.toString());
            throw Refusal.unavailable("the cluster does not answer");
        }
    }

    private HttpRequest request(String token) throws IOException {
        Map<String, Object> review =
                Map.of(
                        "apiVersion", "authentication.k8s.io/v1",
                        "kind", "TokenReview",
                        "spec", Map.of("token", token, "audiences", List.of(settings.audience())));
        String own = Files.readString(settings.tokenFile()).strip();
        return HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + own)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(review)))
                .build();
    }

    private SSLContext tls() throws IOException, GeneralSecurityException {
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        try (InputStream in = Files.newInputStream(settings.caFile())) {
            int number = 0;
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                roots.setCertificateEntry(String.valueOf(number++), each);
            }
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(roots);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
