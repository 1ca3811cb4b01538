// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import io.weft.authservice.audit.AuditLog;
import io.weft.authservice.ca.CertificateAuthority;
import io.weft.authservice.listen.TlsListener;
import java.time.Clock;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up while certificates can be issued. */
final class CertificateHealthIndicator implements HealthIndicator {

    private final CertificateAuthority authority;
    private final AuditLog audit;
    private final TlsListener listener;
    private final Clock clock;

    CertificateHealthIndicator(
            CertificateAuthority authority, AuditLog audit, TlsListener listener, Clock clock) {
        this.authority = authority;
        this.audit = audit;
        this.listener = listener;
        this.clock = clock;
    }

    @Override
    public Health health() {
        String failure = audit.failure();
        if (failure != null) {
            return Health.outOfService().withDetail("log", failure).build();
        }
        if (!listener.isListening()) {
            return Health.outOfService().withDetail("listener", "does not listen").build();
        }
        if (!clock.instant().isBefore(authority.issuer().getNotAfter().toInstant())) {
            return Health.outOfService().withDetail("issuer", "has expired").build();
        }
        return Health.up().withDetail("sequence", authority.bundle().sequence()).build();
    }
}
