// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent.settings;

import io.weft.policy.identity.ServiceName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of an agent, {@code weft.agent.*}.
 *
 * @param name name of the service whose instance this agent stands beside
 * @param namespace namespace of that service
 * @param version version of the instance; becomes its label {@code version}
 * @param labels further labels of the instance
 * @param instance id of the instance, unique in the mesh; the name and a random part by default
 * @param controlPlane address of the control plane's feed
 * @param stateDir directory of the last good policy
 * @param transport how sockets are served: auto, io_uring, epoll or nio
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
public record AgentSettings(
        String name,
        @DefaultValue(ServiceName.DEFAULT_NAMESPACE) String namespace,
        @Nullable String version,
        @DefaultValue Map<String, String> labels,
        @Nullable String instance,
        @DefaultValue("http://127.0.0.1:8889") URI controlPlane,
        @DefaultValue(".weft/agent") Path stateDir,
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

    /** Which way of serving sockets to take. */
    public enum TransportChoice {
        AUTO,
        IO_URING,
        EPOLL,
        NIO
    }

    /**
     * The application.
     *
     * @param address address it listens on
     * @param port port it listens on; none for a workload that only calls others
     */
    public record App(@DefaultValue("127.0.0.1") String address, @Nullable Integer port) {}

    /**
     * The inbound listener.
     *
     * @param address address to listen on
     * @param port port to listen on; 0 for any
     */
    public record Inbound(
            @DefaultValue("0.0.0.0") String address, @DefaultValue("15006") int port) {}

    /**
     * The outbound listener.
     *
     * @param address address to listen on
     * @param port port to listen on; 0 for any
     */
    public record Outbound(
            @DefaultValue("127.0.0.1") String address, @DefaultValue("15001") int port) {}

    /**
     * The admin listener.
     *
     * @param address address to listen on
     * @param port port to listen on; 0 for any
     */
    public record Admin(
            @DefaultValue("127.0.0.1") String address, @DefaultValue("15000") int port) {}

    /**
     * The health listener.
     *
     * @param address address to listen on
     * @param port port to listen on; 0 for any
     */
    public record Health(
            @DefaultValue("0.0.0.0") String address, @DefaultValue("15020") int port) {}

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
     * @param headerBytes bytes of a request's head, 1024 to 1048576
     * @param headers header fields of a request, 1 to 10000
     * @param bodyRate bytes per second that a client must send or take on average
     */
    public record Limits(
            @DefaultValue("16384") int headerBytes,
            @DefaultValue("100") int headers,
            @DefaultValue("240") int bodyRate) {}

    /**
     * Limits in time.
     *
     * @param header for a request's head
     * @param keepAlive for a client's connection between requests
     * @param bodyWindow over which the rate of a body is measured
     * @param connect for a connection to an instance
     * @param idle for a request during which nothing moves
     * @param upstreamKeepAlive for a connection to an instance between requests
     */
    public record Timeouts(
            @DefaultValue("10s") Duration header,
            @DefaultValue("75s") Duration keepAlive,
            @DefaultValue("10s") Duration bodyWindow,
            @DefaultValue("1s") Duration connect,
            @DefaultValue("5m") Duration idle,
            @DefaultValue("30s") Duration upstreamKeepAlive) {}

    /**
     * How the agent ends.
     *
     * @param delay between telling others and refusing their connections
     * @param patience for requests that are being answered
     */
    public record Drain(
            @DefaultValue("500ms") Duration delay, @DefaultValue("20s") Duration patience) {}

    /** The workload this agent stands beside. */
    public ServiceName workload() {
        return new ServiceName(name, namespace);
    }
}
