// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.weft.dataplane.identity.MutualTls;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.telemetry.Traffic;
import io.weft.dataplane.upstream.Endpoint;
import io.weft.dataplane.upstream.UpstreamSettings;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.snapshot.PolicySnapshot;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What requests are routed by: the newest plan. Changes come from one thread at a time; a request
 * reads the plan once and keeps it.
 */
public final class Routing {

    private static final Logger LOG = LoggerFactory.getLogger(Routing.class);

    private final ServiceName source;
    private final Traffic traffic;
    private final UpstreamSettings settings;
    private final WorkloadIdentity identity;
    private final int loops;
    private final CopyBudget copyBudget;
    private Map<ServiceName, List<Endpoint>> endpoints = Map.of();
    private Consumer<PolicySnapshot> before = _ -> {};
    private volatile @Nullable Plan plan;

    /**
     * @param source the workload in whose name requests are sent
     * @param identity as whom workloads of the mesh are called
     * @param loops how many event loops send them
     */
    public Routing(
            ServiceName source,
            Traffic traffic,
            UpstreamSettings settings,
            WorkloadIdentity identity,
            int loops) {
        this.source = source;
        this.traffic = traffic;
        this.settings = settings;
        this.identity = identity;
        this.loops = loops;
        this.copyBudget = new CopyBudget(loops);
    }

    /** The plan in force, or null while there is no policy. */
    public @Nullable Plan plan() {
        return plan;
    }

    /** Has one more look at each policy before it comes into force. */
    public synchronized void beforePolicy(Consumer<PolicySnapshot> listener) {
        before = before.andThen(listener);
    }

    /** Puts a policy in force. */
    public synchronized void policy(PolicySnapshot policy) {
        before.accept(policy);
        plan = new Plan(policy, endpoints, source, traffic, copyBudget, loops);
    }

    /** Replaces the instances of all services. */
    public synchronized void endpoints(Map<ServiceName, List<Instance>> all) {
        var next = new HashMap<ServiceName, List<Endpoint>>();
        var services = new ArrayList<>(endpoints.keySet());
        all.keySet().stream().filter(each -> !services.contains(each)).forEach(services::add);
        for (ServiceName service : services) {
            next.put(service, update(service, all.getOrDefault(service, List.of())));
        }
        replace(next);
    }

    /** Replaces the instances of one service. */
    public synchronized void endpoints(ServiceName service, List<Instance> instances) {
        var next = new HashMap<>(endpoints);
        next.put(service, update(service, instances));
        replace(next);
    }

    private void replace(Map<ServiceName, List<Endpoint>> next) {
        endpoints = next;
        Plan current = plan;
        if (current != null) {
            plan = new Plan(current.policy(), next, source, traffic, copyBudget, loops);
        }
    }

    /**
     * Keeps the endpoints of instances that are still there, so that what is known about them stays
     * known. A service is not emptied while an endpoint of it answers: whoever says that nothing is
     * left may be the one who is wrong.
     */
    private List<Endpoint> update(ServiceName service, List<Instance> instances) {
        List<Endpoint> before = endpoints.getOrDefault(service, List.of());
        if (instances.isEmpty()) {
            List<Endpoint> answering = before.stream().filter(Endpoint::isReachable).toList();
            before.stream().filter(each -> !answering.contains(each)).forEach(Endpoint::remove);
            return answering;
        }
        var after = new ArrayList<Endpoint>();
        for (Instance instance : instances) {
            Endpoint known =
                    before.stream()
                            .filter(each -> each.instance().equals(instance))
                            .findFirst()
                            .orElse(null);
            if (known == null) {
                known = newEndpoint(instance);
            }
            if (known != null) {
                after.add(known);
            }
        }
        before.stream().filter(each -> !after.contains(each)).forEach(Endpoint::remove);
        return List.copyOf(after);
    }

    private @Nullable Endpoint newEndpoint(Instance instance) {
        try {
            var address =
                    new InetSocketAddress(InetAddress.getByName(instance.host()), instance.port());
            MutualTls tls = instance.mtls() ? new MutualTls(identity, instance.service()) : null;
            return new Endpoint(instance, address, settings, tls, loops);
        } catch (UnknownHostException e) {
            LOG.warn(
                    "instance {} of {}: unknown host {}",
                    instance.id(),
                    instance.service(),
                    instance.host());
            return null;
        }
    }

    /** The instances that are known now. */
    public synchronized Map<ServiceName, List<Instance>> instances() {
        var instances = new HashMap<ServiceName, List<Instance>>();
        endpoints.forEach(
                (service, all) ->
                        instances.put(service, all.stream().map(Endpoint::instance).toList()));
        return instances;
    }
}
