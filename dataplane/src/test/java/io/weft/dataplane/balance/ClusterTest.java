// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.weft.dataplane.loop.Worker;
import io.weft.dataplane.upstream.Endpoint;
import io.weft.dataplane.upstream.Lane;
import io.weft.dataplane.upstream.UpstreamSettings;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusterTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int ROUNDS = 1_000;

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final Worker worker =
            new Worker(0, loop.eventLoop(), NioSocketChannel.class, PooledByteBufAllocator.DEFAULT);
    private long now = SECOND;

    private static Cluster of(int endpoints) {
        return new Cluster(
                "orders", IntStream.range(0, endpoints).mapToObj(ClusterTest::endpoint).toList());
    }

    private static Endpoint endpoint(int number) {
        var instance =
                new Instance(
                        "orders-" + number,
                        ServiceName.parse("orders"),
                        new TreeMap<>(),
                        "127.0.0.1",
                        1 + number);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1 + number);
        return new Endpoint(instance, address, UpstreamSettings.DEFAULT, null, 1);
    }

    private Lane lane(Cluster cluster, int index) {
        return cluster.endpoint(index).lane(worker);
    }

    /** How often each endpoint is chosen when nothing else happens. */
    private List<Integer> choices(Cluster cluster, int avoid) {
        int[] choices = new int[cluster.size()];
        for (int i = 0; i < ROUNDS; i++) {
            choices[cluster.choose(worker, avoid, now)]++;
        }
        return IntStream.of(choices).boxed().toList();
    }

    @Test
    void prefersTheFasterOfTwo() {
        Cluster cluster = of(2);
        lane(cluster, 0).observe(2 * MILLISECOND, now);
        lane(cluster, 1).observe(MILLISECOND, now);

        assertThat(choices(cluster, -1)).containsExactly(0, ROUNDS);
    }

    @Test
    void prefersTheLessBusyOfEqualOnes() {
        Cluster cluster = of(2);
        for (int i = 0; i < 2; i++) {
            lane(cluster, i).observe(MILLISECOND, now);
            lane(cluster, i).begin();
        }
        lane(cluster, 0).begin();

        assertThat(choices(cluster, -1)).containsExactly(0, ROUNDS);
    }

    @Test
    void spreadsOverEqualOnes() {
        Cluster cluster = of(10);

        assertThat(choices(cluster, -1)).allSatisfy(each -> assertThat(each).isPositive());
    }

    @Test
    void triesANewEndpointWithOneRequestOnly() {
        Cluster cluster = of(2);
        lane(cluster, 0).observe(MILLISECOND, now);
        lane(cluster, 0).begin();
        assertThat(choices(cluster, -1)).as("unknown is worth a try").containsExactly(0, ROUNDS);

        lane(cluster, 1).begin();
        for (int i = 0; i < 100; i++) {
            lane(cluster, 0).begin();
        }
        assertThat(choices(cluster, -1)).as("it has not answered").containsExactly(ROUNDS, 0);
    }

    @Test
    void comesBackToAnEndpointThatWasSlowOnce() {
        Cluster cluster = of(2);
        lane(cluster, 0).observe(2 * SECOND, now);
        lane(cluster, 1).observe(MILLISECOND, now);
        now += SECOND;
        lane(cluster, 1).observe(MILLISECOND, now);
        lane(cluster, 1).begin();
        assertThat(choices(cluster, -1)).containsExactly(0, ROUNDS);

        now += 90 * SECOND;
        lane(cluster, 1).observe(MILLISECOND, now);
        assertThat(choices(cluster, -1)).containsExactly(ROUNDS, 0);
        lane(cluster, 0).begin();
        assertThat(choices(cluster, -1)).as("one at a time").containsExactly(0, ROUNDS);
    }

    @Test
    void avoidsTheOneThatJustFailed() {
        assertThat(choices(of(3), 1).get(1)).isZero();
        assertThat(of(1).choose(worker, 0, now)).isEqualTo(-1);
        assertThat(of(0).choose(worker, -1, now)).isEqualTo(-1);
    }

    @Test
    void avoidsUnreachableOnesUnlessAllAre() {
        Cluster cluster = of(5);
        for (int i = 0; i < 4; i++) {
            lane(cluster, i).unreachable();
        }
        assertThat(choices(cluster, -1)).containsExactly(0, 0, 0, 0, ROUNDS);

        lane(cluster, 4).unreachable();
        assertThat(choices(cluster, -1)).as("perhaps it is us").allMatch(each -> each > 0);
        assertThat(choices(cluster, 4).get(4)).isZero();
    }
}
