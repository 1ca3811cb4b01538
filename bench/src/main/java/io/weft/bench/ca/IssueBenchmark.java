// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.ca;

import io.weft.authservice.audit.AuditEntry;
import io.weft.authservice.audit.AuditLog;
import io.weft.authservice.ca.CertificateAuthority;
import io.weft.authservice.ca.CertificateSettings;
import io.weft.authservice.ca.Csr;
import io.weft.authservice.ca.EcKeys;
import io.weft.authservice.ca.Leaf;
import io.weft.authservice.seal.Seal;
import io.weft.authservice.state.StateDirectory;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.SpiffeId;
import io.weft.policy.identity.TrustDomain;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * Certificates per second: reads and verifies the request, signs, and waits until the log has it on
 * disk, for as many callers as renew at once in a mesh of middling size.
 */
public final class IssueBenchmark {

    private static final int CALLERS = 128;
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final int WINDOWS = 3;

    private static final TrustDomain DOMAIN = new TrustDomain("bench.example");
    private static final SpiffeId ORDERS = DOMAIN.idOf(ServiceName.parse("orders"));

    private final CertificateAuthority authority;
    private final AuditLog audit;
    private final byte[] csr = csr();
    private final LongAdder issued = new LongAdder();

    private IssueBenchmark(CertificateAuthority authority, AuditLog audit) throws Exception {
        this.authority = authority;
        this.audit = audit;
    }

    private static byte[] csr() throws Exception {
        KeyPair key = EcKeys.generate();
        return new JcaPKCS10CertificationRequestBuilder(new X500Name(""), key.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()))
                .getEncoded();
    }

    /** Takes the directory to keep the state and the log in. */
    public static void main(String[] args) throws Exception {
        var settings =
                new CertificateSettings(
                        Duration.ofHours(1),
                        Duration.ofDays(90),
                        Duration.ofDays(3650),
                        Duration.ofMinutes(10),
                        null);
        Clock clock = Clock.systemUTC();
        try (var state = StateDirectory.open(Path.of(args[0]));
                var audit = AuditLog.open(state, clock)) {
            var authority =
                    CertificateAuthority.open(DOMAIN, settings, state, Seal.of(null, state), clock);
            new IssueBenchmark(authority, audit).run();
        }
    }

    private void run() throws Exception {
        System.out.println("signing by " + EcKeys.providerName() + ", " + CALLERS + " callers");
        measure(WARM_UP);
        for (int i = 0; i < WINDOWS; i++) {
            System.out.println(measure(WINDOW));
        }
    }

    private String measure(Duration window) throws Exception {
        issued.reset();
        Duration cpuBefore = cpu();
        long begin = System.nanoTime();
        long end = begin + window.toNanos();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                all.add(callers.submit(() -> issueUntil(end)));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpuSeconds = cpu().minus(cpuBefore).toNanos() / 1e9;
        return "issued %.0f certificates/s, %.0f in a second of CPU"
                .formatted(issued.sum() / seconds, issued.sum() / cpuSeconds);
    }

    /** Of the whole process, kernel included: what neighbours do to the clock does not count. */
    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    private void issueUntil(long end) {
        while (System.nanoTime() < end) {
            Leaf leaf = authority.issue(ORDERS, Csr.read(csr));
            audit.append(
                    AuditEntry.of("issued")
                            .with("id", leaf.id())
                            .with("by", "certificate")
                            .with("serial", leaf.serial().toString(16))
                            .with("not-after", leaf.notAfter()));
            issued.increment();
        }
    }
}
