// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.configserver.state.DurableFile;
import io.weft.configserver.time.Ticker;
import io.weft.configserver.time.Uptime;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryLoopTest {

    private static final ServiceName ORDERS = ServiceName.parse("orders");

    private static final int INSTANCES = 1000;

    @TempDir Path directory;

    @Test
    void manyChangesAreToldAndStoredTogether() throws Exception {
        var registry = new Registry(new Uptime(Ticker.SYSTEM));
        registry.declare(Set.of(ORDERS));
        var store = new InstanceStore(new DurableFile(directory.resolve("instances")));
        var settings = new RegistrySettings(Map.of(), Duration.ofSeconds(5));
        var told = new CopyOnWriteArrayList<Endpoints>();
        try (var loop =
                new RegistryLoop(
                        registry, store, settings, Discovery.of(List.of(), registry), told::add)) {
            loop.restore();
            loop.start();
            for (int i = 0; i < INSTANCES; i++) {
                var instance = new Instance("orders-" + i, ORDERS, new TreeMap<>(), "10.0.0.1", 80);
                registry.register(new StreamId(i), instance);
            }
            await().until(() -> !told.isEmpty() && size(told.getLast()) == INSTANCES);
            await().until(() -> store.load().size() == INSTANCES);
        }

        assertThat(told).hasSizeLessThan(100);
    }

    private static int size(Endpoints endpoints) {
        return Objects.requireNonNull(endpoints.byService().get(ORDERS)).instances().size();
    }
}
