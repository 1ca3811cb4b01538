// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import io.netty.buffer.PooledByteBufAllocator;
import io.weft.conformance.proxy.Endpoint;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProcessFigures;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import io.weft.conformance.proxy.Rejection;
import io.weft.dataplane.failure.RefusalLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A gateway as the contract suites see it. */
final class GatewayUnderTest implements ProxyUnderTest {

    /** What the suites call differently. */
    private static final Map<String, String> SETTINGS =
            Map.of("timeouts.body-idle", "timeouts.body-window");

    private final RunningGateway gateway;
    private final InetSocketAddress address;

    private GatewayUnderTest(RunningGateway gateway) {
        this.gateway = gateway;
        this.address = gateway.address();
    }

    static GatewayUnderTest start(ProxySpec spec) throws IOException {
        var settings = new HashMap<String, String>();
        spec.settings()
                .forEach(
                        (key, value) ->
                                settings.put(
                                        "weft.gateway." + SETTINGS.getOrDefault(key, key), value));
        var started =
                new GatewayUnderTest(RunningGateway.start(GatewayApplication.class, settings));
        spec.endpoints().forEach(started::updateEndpoints);
        started.updatePolicy(spec.policy());
        return started;
    }

    @Override
    public Plane plane() {
        return Plane.EDGE;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public ProcessFigures figures() throws IOException {
        return ProcessFigures.ofThisProcess(
                PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
    }

    @Override
    public List<Rejection> rejections() {
        return gateway.bean(RefusalLog.class).all().stream()
                .map(each -> new Rejection(each.answer().status(), each.reason()))
                .toList();
    }

    @Override
    public List<String> log() {
        return gateway.log();
    }

    @Override
    public void updatePolicy(String policy) {
        gateway.policy(policy);
    }

    @Override
    public void updateEndpoints(String service, List<Endpoint> endpoints) {
        gateway.endpoints(
                service,
                endpoints.stream()
                        .map(each -> new RunningGateway.Endpoint(each.address(), each.labels()))
                        .toList());
    }

    @Override
    public void drain() {
        gateway.drain();
    }

    @Override
    public void close() {
        gateway.close();
    }
}
