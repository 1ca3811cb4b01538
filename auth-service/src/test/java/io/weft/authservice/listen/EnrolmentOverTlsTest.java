// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.authservice.ca.CertificateAuthority;
import io.weft.authservice.ca.Csr;
import io.weft.authservice.ca.X509;
import io.weft.authservice.enrol.Enrolment;
import io.weft.authservice.enrol.EnrolmentStore;
import io.weft.authservice.fixture.HostileCsrs;
import io.weft.authservice.fixture.ManualClock;
import io.weft.authservice.fixture.RunningService;
import io.weft.authservice.fixture.TestCluster;
import io.weft.authservice.fixture.TestCsrs;
import io.weft.authservice.fixture.TlsClient;
import io.weft.authservice.fixture.TlsClient.Identity;
import io.weft.authservice.fixture.TlsClient.Response;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.PrivateKeyUsagePeriod;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The contract, and sections C-01 to C-07 of the hostile inputs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnrolmentOverTlsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DECLARED = "declared-secret-of-orders-0123456789";

    @TempDir static Path directory;
    private RunningService service;
    private TestCluster cluster;
    private Enrolment enrolment;
    private EnrolmentStore store;
    private CertificateAuthority authority;

    @BeforeAll
    void start() throws Exception {
        cluster = TestCluster.start(Files.createDirectory(directory.resolve("cluster")));
        Path secrets = directory.resolve("secrets");
        Files.writeString(secrets, "# of the demo\norders=" + DECLARED + "\nbroken\nshort=x\n");
        Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
        service =
                RunningService.start(
                        directory.resolve("state"),
                        "--weft.auth.enrolment.secrets-file=" + secrets,
                        "--weft.auth.enrolment.kubernetes.api-server=" + cluster.address(),
                        "--weft.auth.enrolment.kubernetes.ca-file=" + cluster.caFile(),
                        "--weft.auth.enrolment.kubernetes.token-file=" + cluster.tokenFile());
        enrolment = service.bean(Enrolment.class);
        store = service.bean(EnrolmentStore.class);
        authority = service.bean(CertificateAuthority.class);
    }

    @AfterAll
    void stop() {
        service.close();
        cluster.close();
    }

    private String secretOf(String workload) {
        return TlsClient.secret(store.createSecret(ServiceName.parse(workload)).secret());
    }

    private Response ask(String workload, @Nullable String attestation) throws Exception {
        return ask(null, workload, attestation);
    }

    private Response ask(@Nullable Identity identity, String workload, @Nullable String attestation)
            throws Exception {
        try (TlsClient client = TlsClient.connect(service, identity)) {
            byte[] csr = TestCsrs.of(TestCsrs.key());
            return client.post("/enrol", TlsClient.enrolment(workload, csr, attestation));
        }
    }

    @Test
    void listenerIsTheAuthorityItselfInTls13Only() throws Exception {
        try (TlsClient client = TlsClient.connect(service)) {
            assertThat(client.server().getSubjectAlternativeNames())
                    .containsExactly(List.of(6, "spiffe://weft.local/ns/default/svc/auth-service"));
            assertThat(client.socket().getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
        assertThatThrownBy(() -> TlsClient.connect(service, null, "TLSv1.2"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void bundleIsAsSpiffeHasItAndKnowsWhenNothingChanged() throws Exception {
        try (TlsClient client = TlsClient.connect(service)) {
            Response response = client.get("/bundle");

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers()).containsEntry("content-type", "application/json");
            var key = response.json().path("keys").get(0);
            assertThat(key.path("use").asString()).isEqualTo("x509-svid");
            assertThat(key.path("crv").asString()).isEqualTo("P-256");
            assertThat(key.path("x").asString()).hasSize(43);
            assertThat(response.json().path("spiffe_refresh_hint").asInt()).isEqualTo(5);
            assertThat(response.json().path("weft_distrusted").isArray()).isTrue();
            String tag = response.headers().get("etag");
            assertThat(tag)
                    .isEqualTo("\"" + response.json().path("spiffe_sequence").asLong() + "\"");
            assertThat(client.get("/bundle", "if-none-match: " + tag).status()).isEqualTo(304);
            assertThat(client.get("/bundle", "if-none-match: \"1\"").status()).isEqualTo(200);
        }
    }

    @Test
    void secretsOfStoreAndFileEnrolAndCertificatesRenew() throws Exception {
        try (TlsClient client = TlsClient.connect(service)) {
            Identity first = client.enrol("orders", TlsClient.secret(DECLARED));
            Identity other = client.enrol("billing.finance", secretOf("billing.finance"));

            assertThat(first.certificate().getSubjectAlternativeNames())
                    .containsExactly(List.of(6, "spiffe://weft.local/ns/default/svc/orders"));
            assertThat(first.chain()).hasSize(2);
            assertThat(other.certificate().getSubjectX500Principal().getName())
                    .isEqualTo("CN=billing.finance,O=weft");
            try (TlsClient renewing = TlsClient.connect(service, first)) {
                Identity second = renewing.enrol("orders", null);
                assertThat(second.certificate().getSerialNumber())
                        .isNotEqualTo(first.certificate().getSerialNumber());
            }
        }
    }

    @Test
    void whoIsNotAttestedGetsNothing() throws Exception {
        assertThat(ask("orders", null).status()).isEqualTo(401);
        assertThat(ask("orders", TlsClient.secret("x".repeat(43))).status()).isEqualTo(401);
        assertThat(ask("short", TlsClient.secret("x")).status()).isEqualTo(401);
        assertThat(ask("orders", "{\"join-token\":\"x\"}").status()).isEqualTo(401);
        assertThat(ask("orders", "{\"service-account-token\":\"x\"}").status()).isEqualTo(401);
        Response refused = ask("payments", TlsClient.secret(DECLARED));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.headers()).containsEntry("content-type", "application/problem+json");
        assertThat(refused.json().path("status").asInt()).isEqualTo(403);
        assertThat(refused.body()).doesNotContain(DECLARED);
        assertThat(ask("auth-service", secretOf("auth-service")).status()).isEqualTo(403);
    }

    @Test
    void certificateRenewsItsOwnWorkloadOnly() throws Exception {
        try (TlsClient client = TlsClient.connect(service)) {
            Identity orders = client.enrol("orders", TlsClient.secret(DECLARED));
            assertThat(ask(orders, "payments", null).status()).isEqualTo(403);
            assertThat(ask(orders, "orders.finance", null).status()).isEqualTo(403);
        }
    }

    @Test
    void secretsRotateWithOverlapAndEndWhenRevoked() throws Exception {
        var old = store.createSecret(ServiceName.parse("rotating"));
        var fresh = store.createSecret(ServiceName.parse("rotating"));
        assertThat(ask("rotating", TlsClient.secret(old.secret())).status()).isEqualTo(200);
        assertThat(ask("rotating", TlsClient.secret(fresh.secret())).status()).isEqualTo(200);
        assertThat(store.revokeSecret(old.id())).isTrue();
        assertThat(store.revokeSecret(old.id())).isFalse();
        assertThat(ask("rotating", TlsClient.secret(old.secret())).status()).isEqualTo(403);
        assertThat(ask("rotating", TlsClient.secret(fresh.secret())).status()).isEqualTo(200);
    }

    @Test
    void joinTokenWorksOnceWhoeverIsFirst() throws Exception {
        String token = store.createToken(ServiceName.parse("once"), Duration.ofMinutes(5));
        String shown = "{\"join-token\":\"" + token + "\"}";
        assertThat(ask("other", shown).status()).isEqualTo(403);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(callers.submit(() -> ask("once", shown).status()));
            }
            var statuses = new ArrayList<Integer>();
            for (Future<Integer> each : all) {
                statuses.add(each.get());
            }
            assertThat(statuses).containsOnly(200, 401).containsOnlyOnce(200);
        }
        String late = store.createToken(ServiceName.parse("once"), Duration.ofSeconds(-1));
        assertThat(ask("once", "{\"join-token\":\"" + late + "\"}").status()).isEqualTo(401);
    }

    @Test
    void badRequestLeavesTheJoinTokenAsItWas() throws Exception {
        String token = store.createToken(ServiceName.parse("clumsy"), Duration.ofMinutes(5));
        String shown = "{\"join-token\":\"" + token + "\"}";
        try (TlsClient client = TlsClient.connect(service)) {
            var response =
                    client.post("/enrol", TlsClient.enrolment("clumsy", new byte[] {1}, shown));
            assertThat(response.status()).isEqualTo(400);
        }
        assertThat(ask("clumsy", shown).status()).isEqualTo(200);
    }

    @Test
    void removedWorkloadIsOutUntilRestored() throws Exception {
        String secret = secretOf("leaving");
        ServiceName leaving = ServiceName.parse("leaving");
        Identity identity;
        try (TlsClient client = TlsClient.connect(service)) {
            identity = client.enrol("leaving", secret);
        }
        enrolment.remove(leaving);
        assertThat(removedByTheBundle()).contains(authority.domain().idOf(leaving).toString());
        assertThat(ask("leaving", secret).status()).isEqualTo(403);
        assertThat(ask(identity, "leaving", null).status()).isEqualTo(403);
        assertThat(enrolment.restore(leaving)).isTrue();
        assertThat(removedByTheBundle())
                .doesNotContain(authority.domain().idOf(leaving).toString());
        assertThat(ask(identity, "leaving", null).status()).isEqualTo(200);
    }

    private List<String> removedByTheBundle() throws Exception {
        try (TlsClient client = TlsClient.connect(service)) {
            return client.get("/bundle")
                    .json()
                    .path("weft_removed")
                    .valueStream()
                    .map(JsonNode::asString)
                    .toList();
        }
    }

    /** Another instance of the service, or one that stopped in between, has only the database. */
    @Test
    void bundleFollowsTheDatabase() throws Exception {
        ServiceName elsewhere = ServiceName.parse("removed-elsewhere");
        String id = authority.domain().idOf(elsewhere).toString();
        store.remove(elsewhere);
        await().atMost(PATIENCE).until(() -> removedByTheBundle().contains(id));
        store.restore(elsewhere);
        await().atMost(PATIENCE).until(() -> !removedByTheBundle().contains(id));
    }

    /** C-05: a token that somebody has come by. */
    @Test
    void tokenOfAPodIsOfUseToThatPodAlone() throws Exception {
        cluster.knows("weft", "system:serviceaccount:finance:billing");
        String shown = "{\"service-account-token\":\"of a pod\"}";
        assertThat(askFrom("127.0.0.2", "billing.finance", shown)).isEqualTo(200);
        assertThat(askFrom("127.0.0.3", "billing.finance", shown)).isEqualTo(401);
        assertThat(askFrom("127.0.0.2", "billing.finance", shown)).isEqualTo(200);
        assertThat(askFrom("127.0.0.2", "orders.finance", shown)).isEqualTo(403);
        cluster.knows("vault", "system:serviceaccount:finance:billing");
        assertThat(askFrom("127.0.0.2", "billing.finance", shown)).isEqualTo(401);
        cluster.answer("{\"status\": {\"authenticated\": false, \"error\": \"expired\"}}");
        assertThat(askFrom("127.0.0.2", "billing.finance", shown)).isEqualTo(401);
    }

    private int askFrom(String address, String workload, String attestation) throws Exception {
        try (TlsClient client = TlsClient.connectFrom(InetAddress.getByName(address), service)) {
            byte[] csr = TestCsrs.of(TestCsrs.key());
            return client.post("/enrol", TlsClient.enrolment(workload, csr, attestation)).status();
        }
    }

    @Test
    void nothingIsDatedAfterARemoval() throws Exception {
        for (int round = 0; round < 5; round++) {
            String name = "racing-" + round;
            String secret = secretOf(name);
            List<X509Certificate> issued = Collections.synchronizedList(new ArrayList<>());
            try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    boolean byCertificate = i % 2 == 0;
                    all.add(
                            callers.submit(
                                    () -> renewUntilRefused(name, secret, byCertificate, issued)));
                }
                await().atMost(PATIENCE).until(() -> issued.size() > 10);
                store.remove(ServiceName.parse(name));
                Instant removed = Instant.now();
                for (Future<?> each : all) {
                    each.get();
                }
                assertThat(issued)
                        .allSatisfy(
                                each ->
                                        assertThat(each.getNotBefore().toInstant().plusSeconds(60))
                                                .isBefore(removed));
            }
        }
    }

    /** C-07: nor on a connection that was opened before it ended. */
    @Test
    void certificateThatHasEndedRenewsNothing(@TempDir Path state) throws Exception {
        var clock = new ManualClock();
        try (RunningService aging =
                RunningService.start(clock, state, "--weft.auth.certificates.leaf-life=1m")) {
            var secret = aging.bean(EnrolmentStore.class).createSecret(ServiceName.parse("orders"));
            Identity orders;
            try (TlsClient client = TlsClient.connect(aging)) {
                orders = client.enrol("orders", TlsClient.secret(secret.secret()));
            }
            try (TlsClient client = TlsClient.connect(aging, orders)) {
                byte[] csr = TestCsrs.of(TestCsrs.key());
                String renewal = TlsClient.enrolment("orders", csr, null);
                assertThat(client.post("/enrol", renewal).status()).isEqualTo(200);
                clock.pass(Duration.ofSeconds(61));
                assertThat(client.post("/enrol", renewal).status()).isEqualTo(401);
            }
        }
    }

    private @Nullable Void renewUntilRefused(
            String name, String secret, boolean byCertificate, List<X509Certificate> issued)
            throws Exception {
        try (TlsClient first = TlsClient.connect(service);
                TlsClient client =
                        byCertificate
                                ? TlsClient.connect(service, first.enrol(name, secret))
                                : TlsClient.connect(service)) {
            while (true) {
                byte[] csr = TestCsrs.of(TestCsrs.key());
                Response response =
                        client.post(
                                "/enrol",
                                TlsClient.enrolment(name, csr, byCertificate ? null : secret));
                if (response.status() != 200) {
                    assertThat(response.status()).isEqualTo(403);
                    return null;
                }
                issued.add(TlsClient.chain(response).getFirst());
            }
        }
    }

    /** C-01: whatever is asked for, what is attested is given. */
    @Test
    void ofTheRequestOnlyTheKeyCounts() throws Exception {
        var wishes = new ExtensionsGenerator();
        wishes.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        wishes.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(
                        new GeneralName[] {
                            new GeneralName(6, "spiffe://weft.local/ns/default/svc/payments"),
                            new GeneralName(GeneralName.rfc822Name, "admin@example.com"),
                            new GeneralName(2, "*.example"),
                            new GeneralName(7, "127.0.0.1")
                        }));
        wishes.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.anyExtendedKeyUsage));
        wishes.addExtension(
                Extension.privateKeyUsagePeriod,
                false,
                PrivateKeyUsagePeriod.getInstance(
                        new DERSequence(
                                new ASN1Encodable[] {
                                    new DERTaggedObject(
                                            false, 0, new DERGeneralizedTime("20160101000000Z")),
                                    new DERTaggedObject(
                                            false, 1, new DERGeneralizedTime("20460101000000Z"))
                                })));
        byte[] csr = TestCsrs.asking(TestCsrs.key(), "CN=payments", wishes);
        try (TlsClient client = TlsClient.connect(service)) {
            Response response =
                    client.post(
                            "/enrol",
                            TlsClient.enrolment("orders", csr, TlsClient.secret(DECLARED)));
            X509Certificate leaf = TlsClient.chain(response).getFirst();
            assertThat(leaf.getSubjectAlternativeNames())
                    .containsExactly(List.of(6, "spiffe://weft.local/ns/default/svc/orders"));
            assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
            assertThat(leaf.getExtendedKeyUsage())
                    .containsExactlyInAnyOrder(
                            KeyPurposeId.id_kp_serverAuth.getId(),
                            KeyPurposeId.id_kp_clientAuth.getId());
            assertThat(leaf.getNotBefore().toInstant())
                    .isAfter(Instant.now().minus(Duration.ofMinutes(2)));
            assertThat(leaf.getNotAfter().toInstant())
                    .isBeforeOrEqualTo(Instant.now().plus(Duration.ofHours(1)));
        }
    }

    /** C-09: what was issued is in the log that nobody can take anything from. */
    @Test
    void everyCertificateIsInTheLog() throws Exception {
        try (TlsClient client = TlsClient.connect(service)) {
            for (int i = 0; i < 5; i++) {
                X509Certificate leaf =
                        client.enrol("orders", TlsClient.secret(DECLARED)).certificate();
                assertThat(issuedLog()).contains(leaf.getSerialNumber().toString(16));
            }
        }
    }

    private String issuedLog() throws IOException {
        try (Stream<Path> files = Files.list(service.state().resolve("issued"))) {
            var all = new StringBuilder();
            for (Path each : files.toList()) {
                all.append(Files.readString(each));
            }
            return all.toString();
        }
    }

    /** C-03, as a caller who is attested sends it; a larger body is refused for its size. */
    @TestFactory
    Stream<DynamicTest> refusesWhatIsNoRequestForACertificate() throws Exception {
        return HostileCsrs.all().entrySet().stream()
                .filter(each -> each.getValue().length <= 2 * Csr.MAX_BYTES)
                .map(
                        each ->
                                DynamicTest.dynamicTest(
                                        each.getKey(),
                                        () -> refusesAsUngrantable(each.getValue())));
    }

    private void refusesAsUngrantable(byte[] csr) throws Exception {
        try (TlsClient client = TlsClient.connect(service)) {
            String body = TlsClient.enrolment("orders", csr, TlsClient.secret(DECLARED));
            Response response = client.post("/enrol", body);
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.body()).doesNotContain(DECLARED).doesNotContain("Exception");
        }
    }

    @TestFactory
    Stream<DynamicTest> refusesWhatIsNoEnrolment() throws Exception {
        String csr = TlsClient.enrolment("orders", TestCsrs.of(TestCsrs.key()), null);
        return Stream.of(
                        "",
                        "null",
                        "[]",
                        "{",
                        "{}",
                        "[".repeat(8_000),
                        "{\"workload\":\"orders\"}",
                        "{\"workload\":\"Orders\",\"csr\":\"AA==\"}",
                        "{\"workload\":\"a/../b\",\"csr\":\"AA==\"}",
                        "{\"workload\":[\"orders\"],\"csr\":\"AA==\"}",
                        "{\"workload\":\"orders\",\"csr\":\"%%\"}",
                        "{\"workload\":\"orders\",\"workload\":\"payments\",\"csr\":\"AA==\"}",
                        "{\"workload\":\"orders\",\"csr\":\"AA==\",\"admin\":true}",
                        csr + "x",
                        csr.replace("}", ",\"attestation\":{}}"),
                        csr.replace(
                                "}",
                                ",\"attestation\":{\"enrolment-secret\":\"a\",\"join-token\":\"b\"}}"))
                .map(body -> DynamicTest.dynamicTest(name(body), () -> refusesAsBad(body)));
    }

    private static String name(String body) {
        return body.isEmpty() ? "nothing" : body.substring(0, Math.min(60, body.length()));
    }

    private void refusesAsBad(String body) throws Exception {
        try (TlsClient client = TlsClient.connect(service)) {
            Response response = client.post("/enrol", body);
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.headers())
                    .containsEntry("content-type", "application/problem+json");
        }
    }

    @Test
    void largeBodyIsRefusedWithoutBeingRead() throws Exception {
        try (TlsClient client = TlsClient.connect(service)) {
            client.socket()
                    .getOutputStream()
                    .write(
                            "POST /enrol HTTP/1.1\r\nhost: a\r\ncontent-length: 10000000\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.read().status()).isEqualTo(413);
            assertThat(client.socket().getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void silentAndSlowConnectionsAreLeft() throws Exception {
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), service.tlsPort());
                Socket huge = new Socket(InetAddress.getLoopbackAddress(), service.tlsPort());
                TlsClient slow = TlsClient.connect(service)) {
            silent.setSoTimeout(30_000);
            huge.setSoTimeout(30_000);
            huge.getOutputStream()
                    .write(new byte[] {0x16, 3, 1, 0, 9, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff});
            slow.socket().getOutputStream().write('P');
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(huge.getInputStream().readAllBytes()).hasSizeLessThan(100);
            assertThat(slow.socket().getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void onlyItsOwnEndpointsAreHereAndTheyOnlyHere() throws Exception {
        try (TlsClient client = TlsClient.connect(service)) {
            for (String path :
                    List.of("/", "/login", "/actuator/health", "/api/ca", "/bundle/", "//bundle")) {
                assertThat(client.get(path).status()).as(path).isEqualTo(404);
            }
            assertThat(client.get("/enrol").status()).isEqualTo(405);
            assertThat(client.post("/bundle", "").status()).isEqualTo(405);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String path : List.of("/bundle", "/enrol")) {
                var request = HttpRequest.newBuilder(service.browsers(path)).build();
                assertThat(http.send(request, BodyHandlers.ofString()).body())
                        .doesNotContain("x509-svid")
                        .doesNotContain("csr");
            }
        }
    }

    @Test
    void strangersDoNotShakeHands() throws Exception {
        try (TlsClient client = TlsClient.connect(service)) {
            Identity orders = client.enrol("orders", TlsClient.secret(DECLARED));
            Identity stolen = new Identity(TestCsrs.key(), orders.chain());
            Identity leafOnly = new Identity(orders.key(), orders.chain().subList(0, 1));
            for (Identity each : List.of(stolen, leafOnly)) {
                assertThatThrownBy(() -> ask(each, "orders", null)).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void listenerChangesItsCertificateAndKeepsConnections() throws Exception {
        try (TlsClient before = TlsClient.connect(service)) {
            String old = X509.fingerprint(before.server());
            authority.rotateIssuer();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                try (TlsClient after = TlsClient.connect(service)) {
                                    assertThat(X509.fingerprint(after.server())).isNotEqualTo(old);
                                    assertThat(after.get("/bundle").status()).isEqualTo(200);
                                }
                            });
            assertThat(before.get("/bundle").status()).isEqualTo(200);
        }
    }

    @Test
    void distrustReachesConnectionsThatAreOpen() throws Exception {
        try (TlsClient client = TlsClient.connect(service)) {
            Identity orders = client.enrol("orders", TlsClient.secret(DECLARED));
            try (TlsClient open = TlsClient.connect(service, orders)) {
                open.enrol("orders", null);
                authority.distrust(X509.fingerprint(orders.chain().get(1)));
                var body = TlsClient.enrolment("orders", TestCsrs.of(TestCsrs.key()), null);
                Response response = open.post("/enrol", body);
                assertThat(response.status()).isEqualTo(401);
                assertThat(response.body()).contains("distrusted");
            }
            assertThatThrownBy(() -> ask(orders, "orders", null)).isInstanceOf(IOException.class);
            Identity again = client.enrol("orders", TlsClient.secret(DECLARED));
            assertThat(ask(again, "orders", null).status()).isEqualTo(200);
        }
    }

    @Test
    void newRootIsTakenFromClientsAtOnce() throws Exception {
        int before = authority.bundle().roots().size();
        authority.rotateRoot();
        try (TlsClient client = TlsClient.connect(service)) {
            assertThat(client.get("/bundle").json().path("keys").size()).isEqualTo(before + 1);
            Identity orders = client.enrol("orders", TlsClient.secret(DECLARED));
            assertThat(ask(orders, "orders", null).status()).isEqualTo(200);
        }
    }
}
