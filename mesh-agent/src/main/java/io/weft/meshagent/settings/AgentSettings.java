// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent.settings;

import io.weft.dataplane.identity.IdentitySettings;
import io.weft.dataplane.loop.Transport;
import io.weft.dataplane.settings.Ranges;
import io.weft.policy.identity.ServiceName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of an agent, {@code weft.agent.*}. The annotation is there for the metadata that
 * editors and the reference page read; {@link SettingsReader} binds without it.
 *
 * @param name name of the service whose instance this agent stands beside; required
 * @param namespace namespace of that service, a DNS label
 * @param version version of the instance; becomes its label version
 * @param labels further labels of the instance
 * @param instance id of the instance, unique in the mesh; the name and a random part unless set
 * @param controlPlane address of the control plane's feed, as https://host:port
 * @param stateDir directory of the last good policy and of the identity
 * @param identity how the workload gets its certificate
 * @param transport how sockets are served; auto takes epoll where there is one, else nio
 * @param loops number of event loops; 0 for one per core, at most two
 * @param app application beside the agent
 * @param inbound listener for requests to the application
 * @param outbound listener for requests of the application
 * @param admin listener for operators of this machine
 * @param health listener for probes and scrapes
 * @param advertise how other proxies reach the inbound listener
 * @param limits limits of messages
 * @param timeouts limits in time
 * @param drain how the agent ends
 */
@ConfigurationProperties(prefix = AgentSettings.PREFIX)
public record AgentSettings(
        String name,
        @DefaultValue(ServiceName.DEFAULT_NAMESPACE) String namespace,
        @Nullable String version,
        @DefaultValue Map<String, String> labels,
        @Nullable String instance,
        @DefaultValue("https://127.0.0.1:8889") URI controlPlane,
        @DefaultValue(".weft/agent") Path stateDir,
        @DefaultValue Identity identity,
        @DefaultValue("auto") TransportChoice transport,
        @DefaultValue("0") int loops,
        @DefaultValue App app,
        @DefaultValue Inbound inbound,
        @DefaultValue Outbound outbound,
        @DefaultValue Admin admin,
        @DefaultValue Health health,
        @DefaultValue Advertise advertise,
        @DefaultValue Limits limits,
        @DefaultValue Timeouts timeouts,
        @DefaultValue Drain drain) {

    static final String PREFIX = "weft.agent";

    private static final Duration MOMENT = Duration.ofMillis(1);

    public AgentSettings {
        Ranges.secureAddress("control-plane", controlPlane);
        Ranges.number("loops", loops, 0, 64);
    }

    /** Which way of serving sockets to take. */
    public enum TransportChoice {
        AUTO,
        IO_URING,
        EPOLL,
        NIO;

        Transport transport() {
            return switch (this) {
                case AUTO -> Transport.byDefault();
                case IO_URING -> Transport.IO_URING;
                case EPOLL -> Transport.EPOLL;
                case NIO -> Transport.NIO;
            };
        }
    }

    /**
     * The application.
     *
     * @param address address the application listens on
     * @param port port the application listens on, 1-65535; none for a workload that only calls
     *     others
     */
    public record App(@DefaultValue("127.0.0.1") String address, @Nullable Integer port) {
        public App {
            if (port != null) {
                Ranges.number("port", port, 1, 65_535);
            }
        }
    }

    /**
     * How the workload proves who it is, until it has a certificate, and where it gets one. At most
     * one of the three ways; without any, an identity must have been kept in the state directory.
     *
     * @param authService address of enrolment and trust bundle, as https://host:port
     * @param trustRoot PEM file with the roots of trust, for the first contact
     * @param enrolmentSecretFile file with the workload's enrolment secret
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
     * The inbound listener.
     *
     * @param address address to listen on for requests to the application
     * @param port port of that address, 0-65535; 0 for any that is free
     */
    public record Inbound(
            @DefaultValue("0.0.0.0") String address, @DefaultValue("15006") int port) {
        public Inbound {
            Ranges.listeningPort("port", port);
        }
    }

    /**
     * The outbound listener.
     *
     * @param address address to listen on for requests of the application
     * @param port port of that address, 0-65535; 0 for any that is free
     */
    public record Outbound(
            @DefaultValue("127.0.0.1") String address, @DefaultValue("15001") int port) {
        public Outbound {
            Ranges.listeningPort("port", port);
        }
    }

    /**
     * The admin listener.
     *
     * @param address address to listen on for operators of this machine
     * @param port port of that address, 0-65535; 0 for any that is free
     */
    public record Admin(
            @DefaultValue("127.0.0.1") String address, @DefaultValue("15000") int port) {
        public Admin {
            Ranges.listeningPort("port", port);
        }
    }

    /**
     * The health listener.
     *
     * @param address address to listen on for probes and scrapes
     * @param port port of that address, 0-65535; 0 for any that is free
     */
    public record Health(@DefaultValue("0.0.0.0") String address, @DefaultValue("15020") int port) {
        public Health {
            Ranges.listeningPort("port", port);
        }
    }

    /**
     * How others reach this instance.
     *
     * @param address address to register; by default the one the inbound listener has, or this
     *     host's when it listens on all
     */
    public record Advertise(@Nullable String address) {}

    /**
     * Limits of messages.
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
     * How the agent ends.
     *
     * @param delay how long callers may still come after they were told that the instance leaves
     * @param patience how long requests that are being answered may take to end
     */
    public record Drain(
            @DefaultValue("500ms") Duration delay, @DefaultValue("20s") Duration patience) {

        public Drain {
            Ranges.time("delay", delay, Duration.ZERO);
            Ranges.time("patience", patience, Duration.ZERO);
        }
    }

    /** How sockets are served on this machine. */
    public Transport socketTransport() {
        return transport.transport();
    }

    /**
     * How the workload gets its identity.
     *
     * @throws IllegalArgumentException when more than one way to enrol is given
     */
    public IdentitySettings identitySettings() {
        return IdentitySettings.of(
                workload(),
                identity.authService,
                identity.trustRoot,
                identity.enrolmentSecretFile,
                identity.joinToken,
                identity.serviceAccountTokenFile,
                stateDir.resolve("identity"));
    }

    /** The workload this agent stands beside. */
    public ServiceName workload() {
        return new ServiceName(name, namespace);
    }
}
