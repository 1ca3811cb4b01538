// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.OpenSsl;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.tls.TestAuthority;
import io.weft.dataplane.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes on between those who may talk to each other, and what renewal does to it. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class MeshTlsTest extends TlsBetweenAgents {

    @Test
    void carriesRequestsBetweenWorkloads() throws Exception {
        try (Wire cart = caller("cart", AUTHORITY.workload("cart"))) {
            for (int i = 0; i < 3; i++) {
                assertThat(cart.ask(GET).body()).isEqualTo("an order");
            }
        }
        assertThat(metrics())
                .contains("reporter=\"destination\",route=\"inbound\",source=\"cart\"")
                .contains(
                        "weft_decisions_total{effect=\"allow\",mode=\"enforce\",rule=\"cart-reads\"} 3");
    }

    @Test
    void asksTheRulesWhoMayCall() throws Exception {
        try (Wire intruder = caller("intruder", AUTHORITY.workload("intruder"))) {
            assertThat(intruder.ask(GET).status()).isEqualTo(403);
            assertThat(intruder.ask(GET.replace("/orders/1", "/health")).status()).isEqualTo(200);
        }
        assertThat(application.requests()).isEqualTo(1);
    }

    @Test
    void believesTheCertificateAndNothingElse() throws Exception {
        try (Wire intruder = caller("cart", AUTHORITY.workload("intruder"))) {
            assertThat(intruder.ask(GET).status()).isEqualTo(403);
        }
    }

    @Test
    void usesNativeTls() {
        assertThat(OpenSsl.isAvailable()).isTrue();
    }

    @Test
    void refusesPlaintext() throws Exception {
        try (Wire plain = Wire.to(inbound.address().getPort())) {
            plain.write(GET);
            assertThat(plain.isAtEnd()).isTrue();
        }
        assertThat(reasons()).containsExactly("plaintext");
        assertThat(metrics()).contains("weft_connections_refused_total{reason=\"plaintext\"} 1");
        assertThat(application.requests()).isZero();
    }

    @Test
    void letsPlaintextInWhereItIsPermittedAndCountsIt() throws Exception {
        permissive = true;
        try (Wire plain = Wire.to(inbound.address().getPort())) {
            assertThat(plain.ask(GET).status()).isEqualTo(403);
            assertThat(plain.ask(GET.replace("/orders/1", "/health")).body()).isEqualTo("an order");
        }
        assertThat(metrics()).contains("weft_connections_plaintext_total 1");
        try (Wire cart = caller("cart", AUTHORITY.workload("cart"))) {
            assertThat(cart.ask(GET).status()).isEqualTo(200);
        }
    }

    @Test
    void callsNobodyButTheServiceThatWasMeant() throws Exception {
        show(ofOrders, AUTHORITY.workload("payments"));
        try (Wire cart = caller("cart", AUTHORITY.workload("cart"))) {
            assertThat(cart.ask(GET).status()).isEqualTo(503);
        }
        assertThat(application.requests()).isZero();
    }

    /** T-19: whoever answers there is of the mesh, and hears nothing. */
    @Test
    void tellsTheWrongServiceNothing() throws Exception {
        try (RecordingUpstream wrong =
                        RecordingUpstream.start(
                                "payments",
                                Scripts.echo(),
                                AUTHORITY.workload("payments").believingEverybody());
                Wire cart = caller("cart", AUTHORITY.workload("cart"), wrong.address().getPort())) {
            assertThat(cart.ask(GET).status()).isEqualTo(503);
            assertThat(wrong.accepted()).isPositive();
            assertThat(wrong.requests()).isEmpty();
            assertThat(wrong.connections()).allMatch(each -> each.fragment().length == 0);
        }
    }

    @Test
    void callsNobodyOfAnotherAuthority() throws Exception {
        TestAuthority other = TestAuthority.create("shop.example");
        show(ofOrders, other.workload("orders"), other.bundle());
        try (Wire cart = caller("cart", AUTHORITY.workload("cart"))) {
            assertThat(cart.ask(GET).status()).isEqualTo(503);
        }
    }

    @Test
    void callsNobodyWithoutAnIdentity() throws Exception {
        try (Wire cart = caller("cart", new WorkloadIdentity())) {
            assertThat(cart.ask(GET).status()).isEqualTo(503);
        }
        assertThat(inbound.address()).isNotNull();
    }

    @Test
    void losesNoRequestToRenewal() throws Exception {
        var ofCart = new WorkloadIdentity();
        show(ofCart, AUTHORITY.workload("cart"));
        try (Wire cart = caller("cart", ofCart)) {
            for (int i = 0; i < 10; i++) {
                assertThat(cart.ask(GET).status()).isEqualTo(200);
                show(ofCart, AUTHORITY.workload("cart"));
                show(ofOrders, AUTHORITY.workload("orders"));
            }
        }
    }

    @Test
    void endsConnectionsOfThoseItNoLongerBelieves() throws Exception {
        try (SSLSocket socket = connect(AUTHORITY.workload("cart").believingEverybody());
                Wire client = Wire.of(socket)) {
            assertThat(client.ask(GET).status()).isEqualTo(200);
            show(ofOrders, AUTHORITY.withNewIssuer().workload("orders"), distrusting());
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void endsConnectionsWithTheCertificate() throws Exception {
        Instant now = Instant.now();
        var brief = AUTHORITY.order("cart").valid(now.minusSeconds(60), now.plusSeconds(3));
        try (SSLSocket socket = connect(AUTHORITY.issue(brief).believingEverybody());
                Wire client = Wire.of(socket)) {
            assertThat(client.ask(GET).status()).isEqualTo(200);
            assertThat(client.isAtEnd()).isTrue();
            assertThat(Duration.between(now, Instant.now())).isGreaterThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void letsNobodyInWhenItsOwnIdentityHasEnded() throws Exception {
        Instant now = Instant.now();
        var brief = AUTHORITY.order("orders").valid(now.minusSeconds(60), now.plusSeconds(1));
        show(ofOrders, AUTHORITY.issue(brief));
        await().until(() -> !ofOrders.isValid());
        assertRefused(AUTHORITY.workload("cart").believingEverybody(), "no-identity");
    }

    @Test
    void letsTheLastAnswerBeRead() throws Exception {
        try (SSLSocket socket = connect(AUTHORITY.workload("cart").believingEverybody());
                Wire client = Wire.of(socket)) {
            client.write("GET /orders/1 HTTP/1.1\r\nHost: orders\r\nContent-Length: x\r\n\r\n");
            client.write("more that nobody reads".repeat(1_000));
            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.isAtEnd()).isTrue();
        }
    }
}
