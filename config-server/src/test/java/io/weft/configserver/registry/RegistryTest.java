// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.configserver.fixture.ManualTicker;
import io.weft.configserver.registry.Registry.RefusedInstanceException;
import io.weft.configserver.state.DurableFile;
import io.weft.configserver.time.Uptime;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {

    private static final ServiceName ORDERS = ServiceName.parse("orders");
    private static final StreamId FIRST = new StreamId(1);
    private static final StreamId SECOND = new StreamId(2);

    private final ManualTicker ticker = new ManualTicker();
    private final Uptime uptime = new Uptime(ticker);
    private final Registry registry = new Registry(uptime);

    @BeforeEach
    void declare() {
        registry.declare(Set.of(ORDERS));
    }

    private static Instance instance(String id) {
        return new Instance(id, ORDERS, new TreeMap<>(), "127.0.0.1", 7001);
    }

    private void advance(Duration duration) {
        for (Duration left = duration; left.isPositive(); left = left.minus(Uptime.BEAT)) {
            ticker.advance(Uptime.BEAT);
            uptime.beat();
            registry.sweep();
        }
    }

    private List<String> told() {
        Endpoints.OfService orders = registry.update().byService().get(ORDERS);
        return orders == null ? List.of() : orders.instances().stream().map(Instance::id).toList();
    }

    @Test
    void instanceStaysAsLongAsItsStream() throws Exception {
        registry.register(FIRST, instance("a"));
        advance(Duration.ofHours(1));

        assertThat(told()).containsExactly("a");
    }

    @Test
    void instanceThatSaysSoGoesAtOnce() throws Exception {
        registry.register(FIRST, instance("a"));
        registry.deregister(FIRST, "a");

        assertThat(told()).isEmpty();
    }

    @Test
    void instanceGoesTenSecondsAfterItsStream() throws Exception {
        registry.register(FIRST, instance("a"));
        advance(Registry.GRACE);
        registry.lost(FIRST, uptime.nanos());
        advance(Registry.LEASE.minus(Uptime.BEAT));
        assertThat(told()).containsExactly("a");

        advance(Uptime.BEAT);
        assertThat(told()).isEmpty();
    }

    @Test
    void leaseCountsFromTheLastWord() throws Exception {
        registry.register(FIRST, instance("a"));
        advance(Registry.GRACE);
        long lastHeard = uptime.nanos();
        advance(Registry.LEASE);
        registry.lost(FIRST, lastHeard);
        advance(Uptime.BEAT);

        assertThat(told()).isEmpty();
    }

    @Test
    void timeInWhichTheServerDidNotRunDoesNotCount() throws Exception {
        registry.register(FIRST, instance("a"));
        advance(Registry.GRACE);
        registry.lost(FIRST, uptime.nanos());
        ticker.advance(Duration.ofHours(1));
        uptime.beat();
        registry.sweep();

        assertThat(told()).containsExactly("a");
    }

    @Test
    void nothingGoesInTheFirstHalfMinute() throws Exception {
        registry.register(FIRST, instance("a"));
        registry.lost(FIRST, uptime.nanos());
        advance(Registry.GRACE.minus(Uptime.BEAT));
        assertThat(told()).containsExactly("a");

        advance(Uptime.BEAT);
        assertThat(told()).isEmpty();
    }

    @Test
    void whoRegistersAgainIsKeptByTheNewStream() throws Exception {
        registry.register(FIRST, instance("a"));
        advance(Registry.GRACE);
        registry.register(SECOND, instance("a"));
        registry.lost(FIRST, uptime.nanos());
        advance(Duration.ofMinutes(1));

        assertThat(told()).containsExactly("a");
    }

    @Test
    void streamRemovesOnlyItsOwn() throws Exception {
        registry.register(FIRST, instance("a"));
        registry.deregister(SECOND, "a");

        assertThat(told()).containsExactly("a");
    }

    @Test
    void refusesReservedIdsAndTooMany() throws Exception {
        assertThatThrownBy(() -> registry.register(FIRST, instance("static/orders/x:1")))
                .isInstanceOf(RefusedInstanceException.class);
        for (int i = 0; i < Registry.MAX_PER_STREAM; i++) {
            registry.register(FIRST, instance("a" + i));
        }
        registry.register(FIRST, instance("a0"));

        assertThatThrownBy(() -> registry.register(FIRST, instance("one-more")))
                .isInstanceOf(RefusedInstanceException.class)
                .hasMessageContaining("16");
    }

    @Test
    void tellsOnlyServicesOfThePolicy() throws Exception {
        registry.register(FIRST, instance("a"));
        assertThat(registry.declare(Set.of(ServiceName.parse("payments"))).byService())
                .containsOnlyKeys(ServiceName.parse("payments"));

        assertThat(registry.declare(Set.of(ORDERS)).byService().get(ORDERS))
                .satisfies(orders -> assertThat(orders.instances()).hasSize(1));
    }

    @Test
    void revisionRisesOnlyForServicesThatChange() throws Exception {
        var payments = ServiceName.parse("payments");
        Endpoints before = registry.declare(Set.of(ORDERS, payments));
        assertThat(registry.update()).isSameAs(before);

        registry.register(FIRST, instance("a"));
        Endpoints after = registry.update();
        assertThat(after.revision()).isEqualTo(before.revision() + 1);
        assertThat(after.byService().get(payments)).isSameAs(before.byService().get(payments));
    }

    @Test
    void staticInstancesComeFromTheSettings() {
        var endpoint = new RegistrySettings.Endpoint("10.0.0.9", 80, Map.of("version", "v1"));
        registry.add(
                new RegistrySettings(Map.of("orders", List.of(endpoint)), Duration.ofSeconds(5)));
        advance(Duration.ofHours(1));

        assertThat(told()).containsExactly("static/orders/10.0.0.9:80");
        assertThat(registry.toStore()).isEmpty();
    }

    @Test
    void remembersInstancesForHalfAMinute(@TempDir Path directory) throws Exception {
        var store = new InstanceStore(new DurableFile(directory.resolve("instances")));
        registry.register(FIRST, instance("a"));
        registry.register(FIRST, instance("b"));
        store.save(registry.toStore());

        var later = new ManualTicker();
        var laterUptime = new Uptime(later);
        var restarted = new Registry(laterUptime);
        restarted.restore(store);
        restarted.register(SECOND, instance("b"));
        assertThat(restarted.entries()).hasSize(2);
        for (Duration d = Duration.ZERO; d.compareTo(Registry.GRACE) < 0; d = d.plusSeconds(1)) {
            later.advance(Duration.ofSeconds(1));
            laterUptime.beat();
            restarted.sweep();
        }
        assertThat(restarted.entries())
                .extracting(entry -> entry.instance().id())
                .containsExactly("b");
    }

    @Test
    void damagedLineCostsOnlyItself(@TempDir Path directory) throws IOException {
        var file = new DurableFile(directory.resolve("instances"));
        var store = new InstanceStore(file);
        store.save(List.of(instance("a")));
        file.write(List.of("{", file.read().getFirst()));

        assertThat(store.load()).containsExactly(instance("a"));
    }
}
