// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent;

import io.weft.conformance.tls.TestAuthority;
import io.weft.meshagent.settings.SettingsReader;
import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.compile.PolicyText;
import io.weft.policy.feed.ApiKey;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.object.Protections;
import io.weft.policy.request.Plane;
import io.weft.policy.snapshot.PolicySnapshot;
import io.weft.policy.snapshot.PolicyVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/** Agents with identities, one for each workload, all beside one application. */
final class TestMesh implements AutoCloseable {

    private final TestAuthority authority;
    private final Map<String, AgentAssembly> agents = new TreeMap<>();
    private final Map<String, SSLContext> identities = new HashMap<>();
    private long number;

    private TestMesh(TestAuthority authority) {
        this.authority = authority;
    }

    static TestMesh start(
            TestAuthority authority,
            Path directory,
            List<String> workloads,
            InetSocketAddress application)
            throws IOException, SettingsReader.InvalidSettingsException {
        var mesh = new TestMesh(authority);
        for (String workload : workloads) {
            mesh.add(workload, directory.resolve(workload), application);
        }
        return mesh;
    }

    private void add(String workload, Path state, InetSocketAddress application)
            throws IOException, SettingsReader.InvalidSettingsException {
        authority.workload(workload).keepIn(state.resolve("identity"), authority.bundle());
        ServiceName name = ServiceName.parse(workload);
        var arguments = new ArrayList<String>();
        arguments.add("--weft.agent.name=" + name.name());
        arguments.add("--weft.agent.namespace=" + name.namespace());
        arguments.add("--weft.agent.state-dir=" + state);
        arguments.add("--weft.agent.control-plane=https://127.0.0.1:1");
        arguments.add("--weft.agent.loops=1");
        arguments.add("--weft.agent.app.port=" + application.getPort());
        for (String listener : List.of("inbound", "outbound", "admin", "health")) {
            arguments.add("--weft.agent." + listener + ".address=127.0.0.1");
            arguments.add("--weft.agent." + listener + ".port=0");
        }
        agents.put(
                workload,
                AgentAssembly.start(SettingsReader.read(arguments.toArray(String[]::new)).agent()));
    }

    /** Puts a policy in force at all agents, and tells each where the others are. */
    void policy(String text) {
        Compilation compilation =
                PolicyCompiler.compile(
                        List.of(new PolicyText("test.yml", text)), List.of(), Good.NONE);
        if (!compilation.isSound()) {
            throw new IllegalArgumentException(compilation.problems().toString());
        }
        var version = new PolicyVersion(1, ++number, "0000000000000000");
        var endpoints = new TreeMap<ServiceName, List<Instance>>();
        agents.keySet()
                .forEach(each -> endpoints.put(ServiceName.parse(each), List.of(instance(each))));
        PolicyObjects whole = compilation.good().objects();
        agents.forEach(
                (workload, agent) -> {
                    PolicyObjects told = toldTo(ServiceName.parse(workload), whole);
                    agent.routing().policy(PolicySnapshot.compile(Plane.MESH, version, told));
                    agent.routing().endpoints(endpoints);
                });
    }

    /** What the control plane tells the agents of a workload. */
    private static PolicyObjects toldTo(ServiceName workload, PolicyObjects whole) {
        Set<ObjectKey> needed = Protections.of(whole).neededBy(workload);
        return new PolicyObjects(
                whole.trustDomain(),
                whole.byKey().values().stream()
                        .filter(
                                each ->
                                        !Protections.includes(each.key())
                                                || needed.contains(each.key()))
                        .toList());
    }

    /** Lets all agents know which API keys there are. */
    void apiKeys(List<ApiKey> keys) {
        agents.values().forEach(each -> each.apiKeys().replace(keys));
    }

    private Instance instance(String workload) {
        InetSocketAddress address = inbound(workload);
        return new Instance(
                workload + "-1",
                ServiceName.parse(workload),
                new TreeMap<>(),
                "127.0.0.1",
                address.getPort(),
                true);
    }

    /** For a client that shows what a workload shows of itself. */
    SSLContext identity(String workload) {
        return identities.computeIfAbsent(
                workload, each -> authority.workload(each).believingEverybody());
    }

    boolean hasAgent(String workload) {
        return agents.containsKey(workload);
    }

    AgentAssembly agent(String workload) {
        return Objects.requireNonNull(agents.get(workload), workload);
    }

    InetSocketAddress inbound(String workload) {
        return agent(workload).listener("inbound").address();
    }

    InetSocketAddress admin(String workload) {
        return agent(workload).listener("admin").address();
    }

    InetSocketAddress outbound(String workload) {
        return agent(workload).listener("outbound").address();
    }

    @Override
    public void close() {
        agents.values().forEach(AgentAssembly::close);
    }
}
