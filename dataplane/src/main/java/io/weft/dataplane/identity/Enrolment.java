// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.weft.dataplane.loop.Worker;
import io.weft.policy.identity.SpiffeId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the identity of a workload: takes the one that was kept, has a new key certified when
 * half of its life is over, and follows the trust bundle. While the auth service is away everything
 * stays as it is, until the certificate ends.
 *
 * <p>Everything happens on one thread of its own, because keys, signatures and files take time.
 */
public final class Enrolment implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Enrolment.class);
    private static final long FIRST_RETRY_MILLIS = 200;
    private static final long LONGEST_RETRY_MILLIS = 5_000;

    /** Renewal at half of the life, give or take a tenth, so that not all come at once. */
    private static final double EARLIEST_RENEWAL = 0.4;

    private static final double LATEST_RENEWAL = 0.6;

    private final IdentitySettings settings;
    private final WorkloadIdentity identity;
    private final IdentityStore store;
    private final AuthClient client;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor thread = newThread();

    // Used on the thread alone.
    private @Nullable Svid svid;
    private @Nullable TrustBundle bundle;
    private @Nullable String bundleTag;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private @Nullable Future<?> renewal;
    private boolean complained;
    private boolean bundleComplained;

    /**
     * @param identity to be kept up to date
     * @param worker the event loop for the sockets
     */
    public Enrolment(
            IdentitySettings settings, WorkloadIdentity identity, Worker worker, Clock clock) {
        this.settings = settings;
        this.identity = identity;
        this.store = new IdentityStore(settings.directory());
        this.client = new AuthClient(settings.authService(), worker);
        this.clock = clock;
    }

    private static ScheduledThreadPoolExecutor newThread() {
        var thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform().name("weft-identity").daemon().factory(),
                        new ThreadPoolExecutor.DiscardPolicy());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return thread;
    }

    /** Takes the identity that was kept, before this returns, and begins to look after it. */
    public void start() {
        restore();
        thread.execute(svid == null ? this::renew : this::scheduleRenewal);
        thread.execute(this::followBundle);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    // ---- what was kept --------------------------------------------------------------------------

    private void restore() {
        bundle = store.bundle().orElse(null);
        Optional<Svid> kept = store.identity();
        if (bundle == null || kept.isEmpty()) {
            return;
        }
        Svid found = kept.get();
        if (!found.id().workload().equals(settings.workload())) {
            LOG.warn(
                    "{} keeps the identity of {}, which is not used",
                    settings.directory(),
                    found.id());
        } else if (!found.isValidAt(clock.instant())) {
            LOG.info("the identity {} ended {}", found.id(), found.notAfter());
        } else {
            svid = found;
            put(found, bundle);
            LOG.info("identity {} until {}, from disk", found.id(), found.notAfter());
        }
    }

    private void put(Svid newest, TrustBundle trust) {
        try {
            identity.replace(Credentials.of(newest, trust, clock));
        } catch (SSLException e) {
            throw new IllegalStateException("no TLS can be made of " + newest.id(), e);
        }
    }

    // ---- the identity ---------------------------------------------------------------------------

    private void scheduleRenewal() {
        Svid current = svid;
        if (current == null) {
            return;
        }
        Instant begun = current.leaf().getNotBefore().toInstant().plusSeconds(60);
        Duration life = Duration.between(begun, current.notAfter());
        double part = ThreadLocalRandom.current().nextDouble(EARLIEST_RENEWAL, LATEST_RENEWAL);
        Instant due = begun.plusMillis((long) (life.toMillis() * part));
        renewIn(Duration.between(clock.instant(), due).toMillis());
    }

    /** One renewal is ahead at a time. */
    private void renewIn(long millis) {
        if (renewal != null) {
            renewal.cancel(false);
        }
        renewal = later(this::renew, millis);
    }

    private Future<?> later(Runnable task, long millis) {
        return thread.schedule(task, Math.max(0, millis), TimeUnit.MILLISECONDS);
    }

    private void renew() {
        try {
            enrol();
            retryMillis = FIRST_RETRY_MILLIS;
            complained = false;
            scheduleRenewal();
        } catch (IOException | GeneralSecurityException | ParseException | RuntimeException e) {
            complain(e);
            long delay = retryMillis / 2 + ThreadLocalRandom.current().nextLong(retryMillis);
            retryMillis = Math.min(LONGEST_RETRY_MILLIS, retryMillis * 2);
            renewIn(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void complain(Exception cause) {
        if (!complained) {
            complained = true;
            LOG.warn(
                    "no identity from {} ({}); {}",
                    settings.authService(),
                    cause.getMessage(),
                    svid == null
                            ? "there is none until there is"
                            : "going on with the one until " + svid.notAfter());
            LOG.debug("enrolment failed", cause);
        }
    }

    private void enrol()
            throws IOException, GeneralSecurityException, ParseException, InterruptedException {
        SigningRequest request = SigningRequest.create();
        Credentials current = identity.credentials();
        AuthClient.Answer answer;
        if (current != null && current.areValid()) {
            // The certificate that is to be renewed says who asks.
            answer = client.post(current, "/enrol", body(request, Map.of()));
            if (answer.status() == 401 || answer.status() == 403) {
                answer = client.post(anonymous(), "/enrol", body(request, attestation()));
            }
        } else {
            answer = client.post(anonymous(), "/enrol", body(request, attestation()));
        }
        if (answer.status() != 200) {
            throw new IOException("answered " + answer.status() + ": " + summary(answer.body()));
        }
        take(request, answer.body());
    }

    private String body(SigningRequest request, Map<String, Object> attestation) {
        var body = new LinkedHashMap<String, Object>();
        body.put("workload", settings.workload().toString());
        body.put("csr", Base64.getEncoder().encodeToString(request.der()));
        if (!attestation.isEmpty()) {
            body.put("attestation", attestation);
        }
        return JSONObjectUtils.toJSONString(body);
    }

    private Map<String, Object> attestation() throws IOException {
        return switch (settings.attestation()) {
            case Attestation.EnrolmentSecret(Path file) -> Map.of("enrolment-secret", read(file));
            case Attestation.JoinToken(String token) -> Map.of("join-token", token);
            case Attestation.ServiceAccountToken(Path file) ->
                    Map.of("service-account-token", read(file));
            case Attestation.None() ->
                    throw new IOException("nothing to enrol with is set, and no identity is kept");
        };
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file).strip();
    }

    /** What the first certificate cannot be known by yet: the roots that were pinned, or kept. */
    private Credentials anonymous() throws IOException, GeneralSecurityException {
        TrustBundle trust = bundle;
        if (trust == null) {
            Path roots = settings.trustRoot();
            if (roots == null) {
                throw new IOException("no trust root is set, and no trust bundle is kept");
            }
            trust = TrustBundle.pinned(IdentityStore.certificates(Files.readString(roots)));
        }
        return Credentials.anonymous(trust, clock);
    }

    private void take(SigningRequest request, String json)
            throws IOException, GeneralSecurityException, ParseException {
        Map<String, Object> members = JSONObjectUtils.parse(json);
        var chain = new ArrayList<X509Certificate>();
        List<String> encoded = JSONObjectUtils.getStringList(members, "chain");
        if (encoded == null || encoded.isEmpty()) {
            throw new ParseException("an answer without certificates", 0);
        }
        for (String each : encoded) {
            chain.add(
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(
                                            new ByteArrayInputStream(
                                                    Base64.getDecoder().decode(each))));
        }
        String bundleText =
                JSONObjectUtils.toJSONString(JSONObjectUtils.getJSONObject(members, "bundle"));
        TrustBundle trust = newer(TrustBundle.parse(bundleText));
        Svid next = Svid.of(request.key(), chain);
        check(next.id());
        store.keep(next);
        if (!trust.equals(bundle)) {
            store.keep(bundleText);
        }
        svid = next;
        bundle = trust;
        put(next, trust);
        LOG.info("identity {} until {}", next.id(), next.notAfter());
    }

    private void check(SpiffeId id) throws UntrustedPeerException {
        if (!id.workload().equals(settings.workload())) {
            throw new UntrustedPeerException(
                    UntrustedPeerException.Reason.OTHER_WORKLOAD,
                    "was given the identity " + id + " (expected: " + settings.workload() + ")");
        }
    }

    private static String summary(String body) {
        try {
            Object detail = JSONObjectUtils.parse(body).get("detail");
            return String.valueOf(detail);
        } catch (ParseException e) {
            return "something that is not JSON";
        }
    }

    // ---- trust ----------------------------------------------------------------------------------

    private void followBundle() {
        try {
            Credentials current = identity.credentials();
            if (current != null) {
                lookForBundle(current);
            }
            bundleComplained = false;
        } catch (IOException | ParseException | RuntimeException e) {
            if (!bundleComplained) {
                bundleComplained = true;
                LOG.warn("no trust bundle from {} ({})", settings.authService(), e.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        TrustBundle trust = bundle;
        long hint = trust == null ? 1_000 : trust.refresh().toMillis();
        later(this::followBundle, hint / 2 + ThreadLocalRandom.current().nextLong(hint));
    }

    private void lookForBundle(Credentials current)
            throws IOException, ParseException, InterruptedException {
        AuthClient.Answer answer = client.get(current, "/bundle", bundleTag);
        if (answer.status() == 304) {
            return;
        }
        if (answer.status() != 200) {
            throw new IOException("answered " + answer.status());
        }
        TrustBundle offered = TrustBundle.parse(answer.body());
        TrustBundle trust = newer(offered);
        bundleTag = answer.tag();
        Svid own = svid;
        if (!trust.equals(bundle) && own != null) {
            store.keep(answer.body());
            bundle = trust;
            put(own, trust);
            LOG.info("trust bundle {} in force", trust.sequence());
            renewIfWorthless(own);
        }
    }

    /** Somebody who is out of date cannot take back what has been distrusted since. */
    private TrustBundle newer(TrustBundle offered) {
        TrustBundle current = bundle;
        if (current != null && current.sequence() > offered.sequence()) {
            LOG.warn(
                    "the auth service offers trust bundle {}, older than {}: it stays",
                    offered.sequence(),
                    current.sequence());
            return current;
        }
        return offered;
    }

    /** An identity that nobody believes any more is no use for half of its life. */
    private void renewIfWorthless(Svid own) {
        Credentials now = identity.credentials();
        if (now != null && !now.believe(own)) {
            LOG.info("nobody believes {} any more, asking for a new identity", own.id());
            renewIn(0);
        }
    }
}
