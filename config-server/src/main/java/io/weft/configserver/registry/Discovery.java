// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.registry;

import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClient;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClient;

/**
 * Asks Spring's discovery clients for the instances of the policy's services. While a client does
 * not answer, what it said last stays.
 */
public final class Discovery {

    private static final Logger log = LoggerFactory.getLogger(Discovery.class);

    private final List<DiscoveryClient> clients;
    private final Registry registry;
    private final Set<String> failing = new HashSet<>();

    private Discovery(List<DiscoveryClient> clients, Registry registry) {
        this.clients = List.copyOf(clients);
        this.registry = registry;
    }

    /**
     * Uses these clients but for Spring's composite, which is all the others once more, and
     * Spring's own client for instances named in settings when it has none.
     */
    public static Discovery of(List<DiscoveryClient> clients, Registry registry) {
        return new Discovery(
                clients.stream()
                        .filter(each -> !(each instanceof CompositeDiscoveryClient))
                        .filter(each -> !isEmpty(each))
                        .toList(),
                registry);
    }

    private static boolean isEmpty(DiscoveryClient client) {
        return client instanceof SimpleDiscoveryClient && client.getServices().isEmpty();
    }

    /** Whether there is anybody to ask. */
    public boolean isNeeded() {
        return !clients.isEmpty();
    }

    /** Asks once, which may take long. */
    public void poll() {
        registry.declared().forEach(this::poll);
    }

    private void poll(ServiceName service) {
        try {
            registry.discovered(
                    service,
                    clients.stream()
                            .flatMap(client -> client.getInstances(name(service)).stream())
                            .map(found -> instance(service, found))
                            .toList());
            failing.remove(service.toString());
        } catch (RuntimeException e) {
            if (failing.add(service.toString())) {
                log.warn("Discovery of {} fails, its instances stay: {}", service, e.toString());
            }
        }
    }

    /** Discovery clients know no namespaces but their own. */
    private static String name(ServiceName service) {
        return service.name();
    }

    private static Instance instance(ServiceName service, ServiceInstance found) {
        String id = found.getInstanceId();
        String unique = id == null ? found.getHost() + ":" + found.getPort() : id;
        return new Instance(
                Registry.DISCOVERED + service + "/" + unique,
                service,
                new TreeMap<>(found.getMetadata()),
                found.getHost(),
                found.getPort());
    }
}
