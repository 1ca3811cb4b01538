// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.listen;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.weft.authservice.ca.AuthorityException;
import io.weft.authservice.ca.CertificateAuthority;
import io.weft.authservice.ca.CertifiedKey;
import io.weft.authservice.ca.PeerTrust;
import io.weft.authservice.enrol.Enrolment;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listener's own certificate, which the authority gives itself, and whom it lets shake hands. A
 * connection keeps what it began with; new ones get what is current.
 */
final class OwnTls {

    private static final Logger log = LoggerFactory.getLogger(OwnTls.class);

    private record Held(SslContext context, X509Certificate issuer, Instant renewal) {}

    private final CertificateAuthority authority;
    private final Clock clock;
    private final X509TrustManager clients;
    private volatile Held held;

    OwnTls(CertificateAuthority authority, PeerTrust trust, Clock clock) throws SSLException {
        this.authority = authority;
        this.clock = clock;
        this.clients = new Clients(trust);
        this.held = made();
    }

    SslContext context() {
        return held.context();
    }

    /** At half its life, and when there is another issuing certificate. */
    void renewIfDue() {
        Held current = held;
        if (clock.instant().isBefore(current.renewal())
                && authority.issuer().equals(current.issuer())) {
            return;
        }
        try {
            held = made();
        } catch (SSLException | AuthorityException e) {
            log.error("The listener keeps its certificate: {}", e.toString());
        }
    }

    private Held made() throws SSLException {
        CertifiedKey own = authority.issueOwn(authority.domain().idOf(Enrolment.SELF));
        Instant now = clock.instant();
        return new Held(
                context(own),
                own.chain().get(1),
                now.plus(Duration.between(now, own.notAfter()).dividedBy(2)));
    }

    /** No session is ever resumed: each connection is judged by the bundle of its own moment. */
    private SslContext context(CertifiedKey own) throws SSLException {
        return SslContextBuilder.forServer(own.key(), own.chain())
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols("TLSv1.3")
                .clientAuth(ClientAuth.OPTIONAL)
                .trustManager(clients)
                .sessionCacheSize(1)
                .sessionTimeout(1)
                .build();
    }

    private record Clients(PeerTrust trust) implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType)
                throws CertificateException {
            trust.identify(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType)
                throws CertificateException {
            throw new CertificateException("this is no client");
        }

        /** None named: whoever has a certificate may show it. */
        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
