// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.enrol;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.weft.authservice.ca.CertificateAuthority;
import java.time.Instant;
import java.util.Locale;

/** What is measured about certificates. Workloads are not named: the log does that. */
final class EnrolmentMetrics {

    private final MeterRegistry meters;

    EnrolmentMetrics(MeterRegistry meters, CertificateAuthority authority) {
        this.meters = meters;
        Gauge.builder("weft.bundle.sequence", authority, each -> each.bundle().sequence())
                .description("Sequence of the trust bundle")
                .register(meters);
        expiry("issuer", authority, each -> each.issuer().getNotAfter().toInstant());
        expiry("root", authority, EnrolmentMetrics::firstRootEnds);
    }

    private interface End {
        Instant of(CertificateAuthority authority);
    }

    private void expiry(String certificate, CertificateAuthority authority, End end) {
        Gauge.builder(
                        "weft.authority.expiry.timestamp",
                        authority,
                        each -> end.of(each).getEpochSecond())
                .description("When the certificate expires, of roots the first")
                .baseUnit("seconds")
                .tag("certificate", certificate)
                .register(meters);
    }

    private static Instant firstRootEnds(CertificateAuthority authority) {
        return authority.bundle().roots().stream()
                .map(root -> root.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    void issued(Attestation attestation) {
        count(attestation, "issued");
    }

    void refused(Attestation attestation, Refusal refusal) {
        count(attestation, refusal.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private void count(Attestation attestation, String result) {
        Counter.builder("weft.certificates")
                .description("Certificates asked for")
                .tag("attestation", attestation.kind())
                .tag("result", result)
                .register(meters)
                .increment();
    }
}
