// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.enrol;

import io.micrometer.core.instrument.MeterRegistry;
import io.weft.authservice.audit.AuditEntry;
import io.weft.authservice.audit.AuditLog;
import io.weft.authservice.audit.AuditUnavailableException;
import io.weft.authservice.ca.AuthorityException;
import io.weft.authservice.ca.BadCsrException;
import io.weft.authservice.ca.CertificateAuthority;
import io.weft.authservice.ca.Csr;
import io.weft.authservice.ca.Leaf;
import io.weft.authservice.ca.X509;
import io.weft.authservice.enrol.Attestation.CurrentCertificate;
import io.weft.authservice.enrol.Attestation.EnrolmentSecret;
import io.weft.authservice.enrol.Attestation.JoinToken;
import io.weft.authservice.enrol.Attestation.ServiceAccountToken;
import io.weft.authservice.enrol.EnrolmentSettings.Kubernetes;
import io.weft.authservice.enrol.EnrolmentStore.KeptSecret;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Gives a workload its certificate.
 *
 * <ol>
 *   <li>The request is read; its maker has the private key.
 *   <li>The caller is attested to be that workload.
 *   <li>The workload has not had too many.
 *   <li>The certificate is signed.
 *   <li>The workload has not been removed. After signing, so that no certificate that is handed out
 *       is dated after the removal.
 *   <li>The log has it on disk.
 * </ol>
 */
public final class Enrolment {

    private static final Logger log = LoggerFactory.getLogger(Enrolment.class);

    /** Whoever had this certificate could be the authority for everybody else. */
    public static final ServiceName SELF = ServiceName.parse("auth-service");

    private final CertificateAuthority authority;
    private final AuditLog audit;
    private final EnrolmentStore store;
    private final TransactionOperations transactions;
    private final DeclaredSecrets declared;
    private final @Nullable TokenReview reviews;
    private final TokenHolders holders = new TokenHolders();
    private final IssueLimits limits;
    private final EnrolmentMetrics metrics;

    public Enrolment(
            CertificateAuthority authority,
            AuditLog audit,
            EnrolmentStore store,
            TransactionOperations transactions,
            EnrolmentSettings settings,
            MeterRegistry meters,
            Clock clock) {
        this.authority = authority;
        this.audit = audit;
        this.store = store;
        this.transactions = transactions;
        this.declared = new DeclaredSecrets(settings.secretsFile());
        Kubernetes cluster = settings.kubernetes();
        this.reviews = cluster == null ? null : new TokenReview(cluster);
        this.limits = new IssueLimits(settings.limit(), clock);
        this.metrics = new EnrolmentMetrics(meters, authority);
    }

    /**
     * A certificate for the key of the request.
     *
     * @throws Refusal when there is none
     */
    public Leaf enrol(ServiceName workload, byte[] csr, Attestation attestation) {
        try {
            Leaf leaf = attested(workload, read(csr), attestation);
            metrics.issued(attestation);
            return leaf;
        } catch (Refusal e) {
            metrics.refused(attestation, e);
            throw e;
        } catch (AuthorityException | AuditUnavailableException e) {
            log.warn("No certificate for {}: {}", workload, e.getMessage());
            throw refused(attestation, Refusal.unavailable(String.valueOf(e.getMessage())));
        } catch (DataAccessException | TransactionException e) {
            log.warn("No certificate for {}: the database is away: {}", workload, e.toString());
            throw refused(attestation, Refusal.unavailable("the database is away"));
        }
    }

    private Refusal refused(Attestation attestation, Refusal refusal) {
        metrics.refused(attestation, refusal);
        return refusal;
    }

    private static Csr read(byte[] csr) {
        try {
            return Csr.read(csr);
        } catch (BadCsrException e) {
            throw Refusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private Leaf attested(ServiceName workload, Csr csr, Attestation attestation) {
        if (workload.equals(SELF)) {
            throw Refusal.forbidden("nobody enrols as " + SELF);
        }
        return switch (attestation) {
            case CurrentCertificate current -> {
                requireSame(workload, current.id().workload());
                yield issue(workload, csr, attestation);
            }
            case EnrolmentSecret secret -> {
                requireSecret(workload, secret.secret());
                yield issue(workload, csr, attestation);
            }
            case ServiceAccountToken token -> {
                requireSame(workload, review(token));
                yield issue(workload, csr, attestation);
            }
            case JoinToken token -> issueOnce(workload, csr, token);
        };
    }

    private static void requireSame(ServiceName workload, ServiceName attested) {
        if (!workload.equals(attested)) {
            throw Refusal.forbidden("attested as another workload");
        }
    }

    private void requireSecret(ServiceName workload, String secret) {
        ServiceName owner = declared.find(secret);
        if (owner == null) {
            KeptSecret kept = store.findSecret(secret);
            if (kept == null) {
                throw Refusal.notAttested("no such enrolment secret");
            }
            if (kept.revoked() != null) {
                throw Refusal.forbidden("the enrolment secret is revoked");
            }
            owner = ServiceName.parse(kept.workload());
        }
        requireSame(workload, owner);
    }

    private ServiceName review(ServiceAccountToken shown) {
        if (reviews == null) {
            throw Refusal.notAttested("service-account tokens are not taken here");
        }
        ServiceName owner = reviews.review(shown.token());
        holders.require(shown.token(), shown.from());
        return owner;
    }

    /** The token is used up with the certificate or not at all: a refusal leaves it as it was. */
    private Leaf issueOnce(ServiceName workload, Csr csr, JoinToken token) {
        String owner = store.findToken(token.token());
        if (owner == null) {
            throw Refusal.notAttested("no such join token: unknown, used or expired");
        }
        requireSame(workload, ServiceName.parse(owner));
        return Objects.requireNonNull(
                transactions.execute(
                        _ -> {
                            if (!store.useToken(token.token())) {
                                throw Refusal.notAttested("the join token was just used");
                            }
                            return issue(workload, csr, token);
                        }));
    }

    private Leaf issue(ServiceName workload, Csr csr, Attestation attestation) {
        limits.take(workload);
        Leaf leaf = authority.issue(authority.domain().idOf(workload), csr);
        if (store.isRemoved(workload)) {
            throw Refusal.forbidden("the workload is removed");
        }
        audit.append(
                AuditEntry.of("issued")
                        .with("id", leaf.id())
                        .with("by", attestation.kind())
                        .with("serial", leaf.serial().toString(16))
                        .with("not-after", leaf.notAfter())
                        .with("issuer", X509.fingerprint(leaf.issuers().getFirst())));
        return leaf;
    }

    /** Takes a workload out: it gets nothing, and what it has proves nothing. */
    public void remove(ServiceName workload) throws IOException {
        store.remove(workload);
        publishRemovals();
    }

    /** Lets a workload in again; whether it was out. */
    public boolean restore(ServiceName workload) throws IOException {
        boolean wasOut = store.restore(workload);
        publishRemovals();
        return wasOut;
    }

    /** The bundle says what the database says, also after another instance has written it. */
    private void publishRemovals() throws IOException {
        authority.remove(store.removed());
    }

    /** Does what is due each second or so. */
    public void advance() throws IOException {
        limits.sweep();
        try {
            publishRemovals();
        } catch (DataAccessException e) {
            log.debug("The bundle goes on with the removals it knows: {}", e.toString());
        }
    }
}
