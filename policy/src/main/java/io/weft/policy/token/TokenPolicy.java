// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.token;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose tokens are accepted, and for whom they must have been issued.
 *
 * @param issuer what {@code iss} must say, to the letter
 * @param audiences of which {@code aud} must name one; at least one
 * @param keys where the issuer publishes its keys (RFC 7517); null for the mesh's own auth service
 * @param algorithms at least one
 * @param forward what services get to see of a token that lets its user in; no header twice
 */
public record TokenPolicy(
        String name,
        String issuer,
        List<String> audiences,
        @Nullable URI keys,
        Set<SigningAlgorithm> algorithms,
        List<ForwardedClaim> forward)
        implements Credential {

    public static final Set<SigningAlgorithm> DEFAULT_ALGORITHMS =
            Set.of(SigningAlgorithm.ES256, SigningAlgorithm.RS256);

    /** How far clocks may be apart. */
    public static final Duration SKEW = Duration.ofSeconds(60);

    public TokenPolicy {
        audiences = List.copyOf(audiences);
        algorithms = Set.copyOf(algorithms);
        forward = List.copyOf(forward);
        if (forward.stream().map(ForwardedClaim::header).distinct().count() < forward.size()) {
            throw new IllegalArgumentException("forward: two claims as one header");
        }
        if (audiences.isEmpty()) {
            throw new IllegalArgumentException("audiences: empty (expected: at least one)");
        }
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("algorithms: empty (expected: at least one)");
        }
    }
}
