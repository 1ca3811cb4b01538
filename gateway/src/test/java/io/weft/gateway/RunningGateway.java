// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import io.weft.conformance.tls.TestAuthority;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.failure.RefusalLog;
import io.weft.gateway.edge.EdgeDrain;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A gateway in this process, with its policy and endpoints given by hand. */
final class RunningGateway implements AutoCloseable {

    static final TestAuthority AUTHORITY = TestAuthority.create("shop.example");

    private static final int EVERY_REFUSAL = 5_000_000;

    private final ConfigurableApplicationContext context;
    private final TestLog log;
    private long number;

    private RunningGateway(ConfigurableApplicationContext context, TestLog log) {
        this.context = context;
        this.log = log;
    }

    static RunningGateway start(Class<?> application, Map<String, String> settings)
            throws IOException {
        return start(application, settings, new TestLog());
    }

    /**
     * @param log closed with the gateway, or when it does not start
     */
    static RunningGateway start(Class<?> application, Map<String, String> settings, TestLog log)
            throws IOException {
        var all = new HashMap<String, String>();
        all.put("server.address", "127.0.0.1");
        all.put("server.port", "0");
        all.put("management.server.port", "0");
        Path state = Files.createTempDirectory("weft-gateway");
        state.toFile().deleteOnExit();
        all.put("weft.gateway.state-dir", state.toString());
        all.put("weft.gateway.control-plane", "https://127.0.0.1:1");
        all.put("weft.gateway.identity.auth-service", "https://127.0.0.1:1");
        all.putAll(settings);
        AUTHORITY
                .workload("gateway")
                .keepIn(
                        Path.of(all.get("weft.gateway.state-dir")).resolve("identity"),
                        AUTHORITY.bundle());
        var spring = new SpringApplication(application);
        spring.setRegisterShutdownHook(false);
        spring.addInitializers(RunningGateway::rememberEveryRefusal, _ -> log.attach());
        try {
            return new RunningGateway(spring.run(arguments(all)), log);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    private static String[] arguments(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(each -> "--" + each.getKey() + "=" + each.getValue())
                .toArray(String[]::new);
    }

    private static void rememberEveryRefusal(ConfigurableApplicationContext context) {
        ((GenericApplicationContext) context)
                .registerBean(
                        RefusalLog.class,
                        () -> new RefusalLog("gateway-test", Clock.systemUTC(), EVERY_REFUSAL));
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port("local.server.port"));
    }

    InetSocketAddress managementAddress() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), port("local.management.port"));
    }

    private int port(String property) {
        return context.getEnvironment().getRequiredProperty(property, int.class);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    List<String> log() {
        return log.lines();
    }

    void policy(String policy) {
        Compilation compilation =
                PolicyCompiler.compile(
                        List.of(new PolicyText("test.yml", policy)), List.of(), Good.NONE);
        if (!compilation.isSound()) {
            throw new IllegalArgumentException(compilation.problems().toString());
        }
        var version = new PolicyVersion(1, ++number, "0000000000000000");
        bean(Routing.class)
                .policy(PolicySnapshot.compile(Plane.EDGE, version, compilation.good().objects()));
    }

    void endpoints(String service, List<Endpoint> endpoints) {
        var name = ServiceName.parse(service);
        bean(Routing.class)
                .endpoints(name, endpoints.stream().map(each -> each.toInstance(name)).toList());
    }

    /** One instance of a service. */
    record Endpoint(InetSocketAddress address, Map<String, String> labels, boolean mtls) {
        Endpoint(InetSocketAddress address, Map<String, String> labels) {
            this(address, labels, false);
        }

        private Instance toInstance(ServiceName service) {
            return new Instance(
                    address.toString(),
                    service,
                    new TreeMap<>(labels),
                    address.getAddress().getHostAddress(),
                    address.getPort(),
                    mtls);
        }
    }

    void drain() {
        bean(EdgeDrain.class).stop(() -> {});
    }

    @Override
    public void close() {
        context.close();
        log.close();
    }
}
