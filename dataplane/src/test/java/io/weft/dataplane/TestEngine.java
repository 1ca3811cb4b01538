// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weft.dataplane.dispatch.Admission;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.dispatch.Via;
import io.weft.dataplane.engine.MeshOutbound;
import io.weft.dataplane.failure.RefusalLog;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.loop.Transport;
import io.weft.dataplane.loop.Workers;
import io.weft.dataplane.server.Listener;
import io.weft.dataplane.server.ListenerSpec;
import io.weft.dataplane.server.RequestHandler;
import io.weft.dataplane.server.ServerSettings;
import io.weft.dataplane.telemetry.Exposition;
import io.weft.dataplane.telemetry.SeriesKey;
import io.weft.dataplane.telemetry.Traffic;
import io.weft.dataplane.upstream.UpstreamSettings;
import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.compile.PolicyText;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Plane;
import io.weft.policy.snapshot.PolicySnapshot;
import io.weft.policy.snapshot.PolicyVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A proxy of one event loop in front of the service {@code orders}. */
public final class TestEngine implements AutoCloseable {

    private static final ServiceName ORDERS = ServiceName.parse("orders");
    private static final ServiceName CLIENT = ServiceName.parse("client");

    private final Workers workers = Workers.start(Transport.byDefault(), 1);
    private final Traffic traffic = new Traffic("mesh", 1);
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final RefusalLog refusals = new RefusalLog("test", Clock.systemUTC(), 100);
    private final Routing routing;
    private final Listener listener;

    private TestEngine(ServerSettings server, UpstreamSettings upstream) {
        routing = new Routing(CLIENT, traffic, upstream, new WorkloadIdentity(), 1);
        registry.register(traffic);
        listener = listen(new MeshOutbound(CLIENT, routing, new Admission(traffic)), server, true);
    }

    public static TestEngine start() {
        return start(ServerSettings.DEFAULT, UpstreamSettings.DEFAULT);
    }

    public static TestEngine start(ServerSettings server, UpstreamSettings upstream) {
        return new TestEngine(server, upstream).policy("");
    }

    /** Opens a further listener. */
    public Listener listen(RequestHandler handler, ServerSettings server, boolean announces) {
        var unrouted =
                traffic.series(
                        new SeriesKey(SeriesKey.SOURCE, "client", "unknown", "", "_unmatched"));
        var spec =
                new ListenerSpec(
                        "test",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        server,
                        handler,
                        new Via("test-" + System.nanoTime(), false),
                        unrouted,
                        null,
                        announces);
        return Listener.open(spec, workers.group(), workers.transport(), workers.all(), refusals);
    }

    /**
     * Puts a policy in force that lets everything through.
     *
     * @param rule further keys of the only rule, as the inside of a YAML flow mapping
     */
    public TestEngine policy(String rule) {
        String yaml =
                """
                weft:
                  services:
                    orders: {protocol: http, mtls: permissive}
                  routes:
                    orders:
                      hosts: [orders]
                      rules:
                        all: {match: {path: {prefix: /}}, to: {orders: 100}%s}
                  access:
                    open: {to: {services: [orders]}, user: anyone, effect: allow}
                """
                        .formatted(rule.isEmpty() ? "" : ", " + rule);
        Compilation compilation =
                PolicyCompiler.compile(
                        List.of(new PolicyText("test.yml", yaml)), List.of(), Good.NONE);
        if (!compilation.isSound()) {
            throw new IllegalArgumentException(compilation.problems().toString());
        }
        routing.policy(
                PolicySnapshot.compile(
                        Plane.MESH,
                        new PolicyVersion(1, 1, "0000000000000000"),
                        compilation.good().objects()));
        return this;
    }

    /** Says where the service is. */
    public TestEngine to(TestUpstream... upstreams) {
        return to(Stream.of(upstreams).map(each -> each.instance("orders")).toList());
    }

    public TestEngine to(List<Instance> instances) {
        routing.endpoints(ORDERS, instances);
        return this;
    }

    public Workers workers() {
        return workers;
    }

    public Traffic traffic() {
        return traffic;
    }

    public Listener listener() {
        return listener;
    }

    public RefusalLog refusals() {
        return refusals;
    }

    public Wire client() throws IOException {
        return Wire.to(listener.address().getPort());
    }

    public String scrape() {
        return new Exposition(registry).scrape();
    }

    /** The sum of a metric's series whose labels contain this text. */
    public double sum(String metric, String labels) {
        return scrape().lines()
                .filter(line -> line.startsWith(metric + "{") && line.contains(labels))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Override
    public void close() {
        listener.close();
        workers.group()
                .shutdownGracefully(0, 1, TimeUnit.SECONDS)
                .awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
