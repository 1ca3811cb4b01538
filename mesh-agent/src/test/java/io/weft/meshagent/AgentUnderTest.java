// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent;

import io.netty.buffer.PooledByteBufAllocator;
import io.weft.conformance.proxy.Endpoint;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProcessFigures;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import io.weft.conformance.proxy.Rejection;
import io.weft.dataplane.server.Listener;
import io.weft.meshagent.settings.SettingsReader;
import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.compile.PolicyText;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.snapshot.PolicySnapshot;
import io.weft.policy.snapshot.PolicyVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An agent in this process, with its policy and endpoints given by hand. */
final class AgentUnderTest implements ProxyUnderTest {

    private static final int EVERY_REFUSAL = 5_000_000;

    /** What the suites call differently. */
    private static final Map<String, String> SETTINGS =
            Map.of("timeouts.body-idle", "timeouts.body-window");

    private final Plane plane;
    private final AgentAssembly agent;
    private final TestLog log = TestLog.start();
    private long number;

    private AgentUnderTest(Plane plane, AgentAssembly agent) {
        this.plane = plane;
        this.agent = agent;
    }

    static AgentUnderTest start(Plane plane, ProxySpec spec)
            throws IOException, SettingsReader.InvalidSettingsException {
        var arguments = new ArrayList<String>();
        Path state = Files.createTempDirectory("weft-agent");
        arguments.add("--weft.agent.name=" + (plane == Plane.INBOUND ? "app" : "client"));
        arguments.add("--weft.agent.state-dir=" + state);
        arguments.add("--weft.agent.control-plane=https://127.0.0.1:1");
        for (String listener : List.of("inbound", "outbound", "admin", "health")) {
            arguments.add("--weft.agent." + listener + ".address=127.0.0.1");
            arguments.add("--weft.agent." + listener + ".port=0");
        }
        if (plane == Plane.INBOUND) {
            // Every spec or test says where the application is before it sends a request.
            arguments.add("--weft.agent.app.port=1");
        }
        spec.settings()
                .forEach(
                        (key, value) ->
                                arguments.add(
                                        "--weft.agent."
                                                + SETTINGS.getOrDefault(key, key)
                                                + "="
                                                + value));
        var settings = SettingsReader.read(arguments.toArray(String[]::new));
        var agent = AgentAssembly.start(settings.agent(), EVERY_REFUSAL);
        var host = new AgentUnderTest(plane, agent);
        for (var service : spec.endpoints().entrySet()) {
            host.updateEndpoints(service.getKey(), service.getValue());
        }
        host.updatePolicy(spec.policy());
        return host;
    }

    @Override
    public Plane plane() {
        return plane;
    }

    @Override
    public InetSocketAddress address() {
        return listener().address();
    }

    private Listener listener() {
        return agent.listener(plane == Plane.INBOUND ? "inbound" : "outbound");
    }

    @Override
    public ProcessFigures figures() throws IOException {
        return ProcessFigures.ofThisProcess(
                PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
    }

    @Override
    public List<Rejection> rejections() {
        return agent.refusals().all().stream()
                .map(each -> new Rejection(each.answer().status(), each.reason()))
                .toList();
    }

    @Override
    public List<String> log() {
        return log.lines();
    }

    @Override
    public void updatePolicy(String policy) {
        Compilation compilation =
                PolicyCompiler.compile(
                        List.of(new PolicyText("test.yml", policy)), List.of(), Good.NONE);
        if (!compilation.isSound()) {
            throw new IllegalArgumentException(compilation.problems().toString());
        }
        var version = new PolicyVersion(1, ++number, "0000000000000000");
        agent.routing()
                .policy(
                        PolicySnapshot.compile(
                                io.weft.policy.request.Plane.MESH,
                                version,
                                compilation.good().objects()));
    }

    @Override
    public void updateEndpoints(String service, List<Endpoint> endpoints) {
        var name = ServiceName.parse(service);
        if (plane == Plane.INBOUND) {
            endpoints.stream().findFirst().ifPresent(app -> agent.deliverTo(app.address()));
            return;
        }
        agent.routing()
                .endpoints(
                        name,
                        endpoints.stream()
                                .map(
                                        each ->
                                                new Instance(
                                                        each.address().toString(),
                                                        name,
                                                        new TreeMap<>(each.labels()),
                                                        each.address()
                                                                .getAddress()
                                                                .getHostAddress(),
                                                        each.address().getPort()))
                                .toList());
    }

    @Override
    public void drain() {
        if (plane == Plane.INBOUND) {
            agent.beginDrain();
        } else {
            agent.drain().subscribe();
        }
    }

    @Override
    public void close() {
        agent.close();
        log.close();
    }
}
