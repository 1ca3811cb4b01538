// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import io.micrometer.core.instrument.MeterRegistry;
import io.weft.authservice.apikey.ApiKeys;
import io.weft.authservice.audit.AuditLog;
import io.weft.authservice.ca.CertificateAuthority;
import io.weft.authservice.ca.PeerTrust;
import io.weft.authservice.enrol.Enrolment;
import io.weft.authservice.enrol.EnrolmentStore;
import io.weft.authservice.key.SigningKeys;
import io.weft.authservice.listen.Endpoints;
import io.weft.authservice.listen.Published;
import io.weft.authservice.listen.TlsListener;
import io.weft.authservice.seal.Seal;
import io.weft.authservice.state.StateDirectory;
import io.weft.policy.identity.ServiceName;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/** The certificate authority, from its keys to its listener. */
@Configuration(proxyBeanMethods = false)
class CertificateConfiguration {

    private static final ServiceName CONTROL_PLANE = ServiceName.parse("config-server");

    @Bean
    CertificateAuthority certificateAuthority(
            AuthProperties properties, StateDirectory state, Seal seal, Clock clock) {
        return CertificateAuthority.open(
                properties.trustDomain(), properties.certificates(), state, seal, clock);
    }

    @Bean
    AuditLog auditLog(StateDirectory state, Clock clock) {
        return AuditLog.open(state, clock);
    }

    @Bean
    EnrolmentStore enrolmentStore(JdbcClient jdbc, Clock clock) {
        return new EnrolmentStore(jdbc, clock);
    }

    @Bean
    Enrolment enrolment(
            CertificateAuthority authority,
            AuditLog audit,
            EnrolmentStore store,
            TransactionOperations transactions,
            AuthProperties properties,
            MeterRegistry meters,
            Clock clock) {
        return new Enrolment(
                authority, audit, store, transactions, properties.enrolment(), meters, clock);
    }

    /** The keys that sign tokens, for proxies, which trust nothing but the bundle. */
    @Bean
    Published tokenKeys(SigningKeys keys) {
        return new Published("/oauth2/jwks", null, () -> keys.published().toString());
    }

    /** The control plane carries them to the proxies. */
    @Bean
    Published apiKeysForTheControlPlane(ApiKeys keys, JsonMapper json) {
        return new Published(
                "/api-keys", CONTROL_PLANE, () -> json.writeValueAsString(keys.list()));
    }

    /** Where workloads come. */
    @Bean
    TlsListener tlsListener(
            AuthProperties properties,
            CertificateAuthority authority,
            Enrolment enrolment,
            ObjectProvider<Published> published,
            Clock clock) {
        var trust = new PeerTrust(authority, clock);
        var endpoints =
                new Endpoints(authority, enrolment, trust, published.orderedStream().toList());
        return new TlsListener(properties.tls(), endpoints, authority, trust, clock);
    }

    /** Keeps all that going. */
    @Bean
    CertificateService certificateService(
            CertificateAuthority authority, Enrolment enrolment, TlsListener listener) {
        return new CertificateService(authority, enrolment, listener);
    }

    @Bean
    CertificateHealthIndicator certificateHealthIndicator(
            CertificateAuthority authority, AuditLog audit, TlsListener listener, Clock clock) {
        return new CertificateHealthIndicator(authority, audit, listener, clock);
    }
}
