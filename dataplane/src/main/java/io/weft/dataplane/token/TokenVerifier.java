// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import io.weft.dataplane.telemetry.TokenCounts;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.TokenPolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Verifies tokens for one proxy, edge or mesh. Checking never waits: it works on the calling thread
 * with the keys that are there. Whoever opens it closes it.
 */
public final class TokenVerifier implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final TokenSettings settings;
    private final Clock clock;
    private final TokenCounts counts;
    private final Supplier<SSLContext> meshTrust;
    private final ApiKeys apiKeys;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("token-keys").daemon().factory());
    private final Map<URI, KeySource> sources = new HashMap<>();

    // Made for the first policy that needs them: they cost a proxy's start more than all the rest.
    private @Nullable HttpClient meshClient;
    private @Nullable HttpClient foreignClient;

    private volatile PolicyVerifier[] verifiers = {};
    private volatile boolean inUse;
    private volatile boolean settled;

    /**
     * @param meshTrust trusts the mesh's own auth service; public authorities are trusted for the
     *     keys of all others
     */
    public TokenVerifier(
            TokenSettings settings,
            Supplier<SSLContext> meshTrust,
            TokenCounts counts,
            Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.counts = counts;
        this.meshTrust = meshTrust;
        this.apiKeys = new ApiKeys(counts, clock);
    }

    /** The API keys, beside the tokens. */
    public ApiKeys apiKeys() {
        return apiKeys;
    }

    private HttpClient client(URI url) {
        if (url.equals(settings.meshKeys())) {
            if (meshClient == null) {
                meshClient = client().sslContext(meshTrust.get()).build();
            }
            return meshClient;
        }
        if (foreignClient == null) {
            foreignClient = client().build();
        }
        return foreignClient;
    }

    private HttpClient.Builder client() {
        return HttpClient.newBuilder()
                .executor(thread)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT);
    }

    /**
     * Gets ready for the policies of a snapshot, before it is in force: their keys are fetched from
     * now on, and those that no policy needs any longer are forgotten.
     */
    public synchronized void use(Collection<TokenPolicy> policies) {
        PolicyVerifier[] before = verifiers;
        verifiers =
                policies.stream()
                        .map(policy -> verifier(policy, before))
                        .toArray(PolicyVerifier[]::new);
        inUse = true;
        var needed = new HashSet<URI>();
        policies.forEach(policy -> needed.add(keysOf(policy)));
        sources.entrySet()
                .removeIf(
                        each -> {
                            boolean gone = !needed.contains(each.getKey());
                            if (gone) {
                                each.getValue().close();
                            }
                            return gone;
                        });
    }

    private PolicyVerifier verifier(TokenPolicy policy, PolicyVerifier[] before) {
        for (PolicyVerifier each : before) {
            if (each.policy().equals(policy)) {
                return each;
            }
        }
        KeySource source =
                sources.computeIfAbsent(
                        keysOf(policy),
                        url -> new KeySource(url, client(url), settings, clock, thread, counts));
        return new PolicyVerifier(policy, source, clock);
    }

    /**
     * Whether a proxy that has just started may be sent requests: all keys of its first snapshot
     * have been asked for once, which takes five seconds at most. It stays so, whatever comes
     * later.
     */
    public boolean isSettled() {
        if (!settled && inUse) {
            settled = Arrays.stream(verifiers).allMatch(PolicyVerifier::isSettled);
        }
        return settled;
    }

    private URI keysOf(TokenPolicy policy) {
        return policy.keys() == null ? settings.meshKeys() : policy.keys();
    }

    /** Verifies a token by a policy that is {@linkplain #use in use}. */
    public TokenCheck check(TokenPolicy policy, byte[] bytes, int start, int end) {
        try {
            TokenCheck.Verified verified = find(policy).verify(bytes, start, end);
            counts.accepted();
            return verified;
        } catch (RefusedTokenException e) {
            counts.refused(e.refusal().label());
            return e.refusal().check();
        }
    }

    private PolicyVerifier find(TokenPolicy policy) throws RefusedTokenException {
        for (PolicyVerifier each : verifiers) {
            if (each.policy().equals(policy)) {
                return each;
            }
        }
        throw new RefusedTokenException(Refusal.NO_KEYS);
    }

    @Override
    public synchronized void close() {
        thread.shutdownNow();
        if (meshClient != null) {
            meshClient.shutdownNow();
        }
        if (foreignClient != null) {
            foreignClient.shutdownNow();
        }
    }
}
