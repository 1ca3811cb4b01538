// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import io.micrometer.core.instrument.MeterRegistry;
import io.weft.authservice.audit.AuditLog;
import io.weft.authservice.ca.CertificateAuthority;
import io.weft.authservice.ca.PeerTrust;
import io.weft.authservice.enrol.Enrolment;
import io.weft.authservice.enrol.EnrolmentStore;
import io.weft.authservice.listen.Endpoints;
import io.weft.authservice.listen.Published;
import io.weft.authservice.listen.TlsListener;
import io.weft.authservice.seal.Seal;
import io.weft.authservice.state.StateDirectory;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The certificate authority, from its keys to its listener. */
@Configuration(proxyBeanMethods = false)
class CertificateConfiguration {

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
