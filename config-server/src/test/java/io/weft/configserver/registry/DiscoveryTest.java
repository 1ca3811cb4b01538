// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.configserver.time.Ticker;
import io.weft.configserver.time.Uptime;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClient;

class DiscoveryTest {

    private static final ServiceName ORDERS = ServiceName.parse("orders");

    private final Registry registry = new Registry(new Uptime(Ticker.SYSTEM));
    private final KnownInstances known = new KnownInstances();
    private final Discovery discovery = Discovery.of(List.of(known), registry);

    /** A discovery client that knows what it is told. */
    private static final class KnownInstances implements DiscoveryClient {
        private @Nullable List<ServiceInstance> instances = List.of();

        @Override
        public String description() {
            return "known instances";
        }

        @Override
        public List<ServiceInstance> getInstances(String service) {
            if (instances == null) {
                throw new IllegalStateException("unreachable");
            }
            return service.equals("orders") ? instances : List.of();
        }

        @Override
        public List<String> getServices() {
            return List.of("orders");
        }
    }

    @BeforeEach
    void declare() {
        registry.declare(Set.of(ORDERS));
    }

    private static ServiceInstance found(String id, int port) {
        var labels = Map.of("version", "v1");
        return new DefaultServiceInstance(id, "orders", "10.0.0.1", port, false, labels);
    }

    private List<Instance> told() {
        var orders = registry.update().byService().get(ORDERS);
        return orders == null ? List.of() : orders.instances();
    }

    @Test
    void tellsWhatIsFound() {
        known.instances = List.of(found("a", 80), found("b", 81));
        discovery.poll();

        assertThat(told())
                .extracting(Instance::id)
                .containsExactly("discovered/orders/a", "discovered/orders/b");
        assertThat(told().getFirst().labels()).containsEntry("version", "v1");

        known.instances = List.of(found("b", 82));
        discovery.poll();
        assertThat(told()).extracting(Instance::port).containsExactly(82);
    }

    @Test
    void keepsWhatWasFoundWhileNobodyAnswers() {
        known.instances = List.of(found("a", 80));
        discovery.poll();
        known.instances = null;
        discovery.poll();

        assertThat(told()).hasSize(1);
    }

    @Test
    void asksNobodyTwice() {
        var composite = new CompositeDiscoveryClient(List.of(known));

        assertThat(Discovery.of(List.of(composite), registry).isNeeded()).isFalse();
        assertThat(Discovery.of(List.of(composite, known), registry).isNeeded()).isTrue();
    }
}
