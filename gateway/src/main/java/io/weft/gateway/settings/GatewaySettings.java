// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.settings;

import io.weft.dataplane.identity.IdentitySettings;
import io.weft.dataplane.settings.Ranges;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Network;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of a gateway, besides Spring's own. A key that does not exist is refused at start.
 *
 * @param controlPlane address of the control plane's feed, as https://host:port
 * @param stateDir directory of the last good policy and of the identity
 * @param identity how the gateway gets its certificate
 * @param signIn how people sign in with a browser; without it nobody does
 * @param openRoutes ids of the Spring Cloud Gateway routes that requests may take although no
 *     access rule is asked about them
 * @param trustedProxies networks, such as 10.0.0.0/8, of the proxies in front that are believed in
 *     X-Forwarded-For and X-Forwarded-Proto
 * @param limits limits of requests
 * @param timeouts limits in time
 * @param drain how the gateway ends
 */
@ConfigurationProperties(prefix = GatewaySettings.PREFIX, ignoreUnknownFields = false)
public record GatewaySettings(
        @DefaultValue("https://127.0.0.1:8889") URI controlPlane,
        @DefaultValue(".weft/gateway") Path stateDir,
        @DefaultValue Identity identity,
        @NestedConfigurationProperty @Nullable SignInSettings signIn,
        @DefaultValue Set<String> openRoutes,
        @DefaultValue List<String> trustedProxies,
        @DefaultValue Limits limits,
        @DefaultValue Timeouts timeouts,
        @DefaultValue Drain drain) {

    public static final String PREFIX = "weft.gateway";

    private static final Duration MOMENT = Duration.ofMillis(1);

    public GatewaySettings {
        Ranges.secureAddress("control-plane", controlPlane);
        openRoutes = Set.copyOf(openRoutes);
        trustedProxies = List.copyOf(trustedProxies);
        trustedProxies.forEach(GatewaySettings::network);
    }

    /** Where the proxies in front are. */
    public List<Network> trustedNetworks() {
        return trustedProxies.stream().map(GatewaySettings::network).toList();
    }

    private static Network network(String text) {
        try {
            return Network.parse(text);
        } catch (IllegalArgumentException _) {
            // Spring shows the innermost message only, and the key has to stand in it.
            throw new IllegalArgumentException(
                    "trusted-proxies: " + text + " (expected: " + Network.SYNTAX + ")");
        }
    }

    /**
     * How the gateway proves who it is, until it has a certificate, and where it gets one. At most
     * one of the three ways; without any, an identity must have been kept in the state directory.
     *
     * @param authService address of enrolment and trust bundle, as https://host:port
     * @param trustRoot PEM file with the roots of trust, for the first contact
     * @param enrolmentSecretFile file with the gateway's enrolment secret
     * @param joinToken token that is good for one enrolment
     * @param serviceAccountTokenFile file with a Kubernetes service account's token
     */
    public record Identity(
            @DefaultValue("https://127.0.0.1:9443") URI authService,
            @Nullable Path trustRoot,
            @Nullable Path enrolmentSecretFile,
            @Nullable String joinToken,
            @Nullable Path serviceAccountTokenFile) {

        public Identity {
            Ranges.secureAddress("auth-service", authService);
        }
    }

    /**
     * How the gateway gets its identity.
     *
     * @throws IllegalArgumentException when more than one way to enrol is given
     */
    public IdentitySettings identitySettings() {
        return IdentitySettings.of(
                ServiceName.GATEWAY,
                identity.authService,
                identity.trustRoot,
                identity.enrolmentSecretFile,
                identity.joinToken,
                identity.serviceAccountTokenFile,
                stateDir.resolve("identity"));
    }

    /**
     * Limits of requests.
     *
     * @param headerBytes size of a request's head, 1KB to 1MB; a larger one is answered with 431
     * @param headers number of header fields of a request, 1-10000; more are answered with 431
     * @param bodyRate what a client must send in a second, on average over timeouts.body-window
     */
    public record Limits(
            @DefaultValue("16KB") DataSize headerBytes,
            @DefaultValue("100") int headers,
            @DefaultValue("240B") DataSize bodyRate) {

        public Limits {
            Ranges.number("header-bytes", headerBytes.toBytes(), 1_024, 1_048_576);
            Ranges.number("headers", headers, 1, 10_000);
            Ranges.number("body-rate", bodyRate.toBytes(), 0, 1_000_000_000);
        }
    }

    /**
     * Limits in time.
     *
     * @param header how long a request's head may take to arrive
     * @param keepAlive how long a client's connection is kept without a request
     * @param bodyWindow how often the rate of a body is checked, at least 1s; a client that takes
     *     nothing of an answer for as long is left
     * @param connect how long a connection to an instance may take to be made
     * @param idle how long a request may go without a byte in either direction
     * @param upstreamKeepAlive how long an unused connection to an instance is kept, unless the
     *     instance announces less
     */
    public record Timeouts(
            @DefaultValue("10s") Duration header,
            @DefaultValue("75s") Duration keepAlive,
            @DefaultValue("10s") Duration bodyWindow,
            @DefaultValue("1s") Duration connect,
            @DefaultValue("5m") Duration idle,
            @DefaultValue("30s") Duration upstreamKeepAlive) {

        public Timeouts {
            Ranges.time("header", header, MOMENT);
            Ranges.time("keep-alive", keepAlive, MOMENT);
            Ranges.time("body-window", bodyWindow, Duration.ofSeconds(1));
            Ranges.time("connect", connect, MOMENT);
            Ranges.time("idle", idle, MOMENT);
            Ranges.time("upstream-keep-alive", upstreamKeepAlive, MOMENT);
        }
    }

    /**
     * How the gateway ends.
     *
     * @param delay how long to go on accepting after ceasing to be ready, for load balancers to
     *     notice
     * @param patience how long requests that are being answered may take to end
     */
    public record Drain(
            @DefaultValue("0s") Duration delay, @DefaultValue("20s") Duration patience) {

        public Drain {
            Ranges.time("delay", delay, Duration.ZERO);
            Ranges.time("patience", patience, Duration.ZERO);
        }
    }
}
