// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.proxy.Endpoint;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import io.weft.conformance.proxy.TestPolicies;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Script;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** One proxy for a whole suite, and a new upstream behind it for every test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
abstract class ForwardingFixture {

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<RecordingUpstream> upstreams = new ArrayList<>();
    ProxyUnderTest proxy;
    RecordingUpstream upstream;

    /** Starts a proxy; the suite closes it. */
    protected abstract ProxyUnderTest start(ProxySpec spec) throws Exception;

    @BeforeAll
    final void startProxy() throws Exception {
        proxy = start(ProxySpec.of(TestPolicies.open()));
    }

    @AfterAll
    final void stopProxy() throws IOException {
        proxy.close();
    }

    @BeforeEach
    final void startUpstream() throws IOException {
        upstream = upstream("v1", Scripts.echo());
        proxy.updatePolicy(TestPolicies.open());
        instances(upstream);
    }

    @AfterEach
    final void closeAll() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        opened.clear();
        for (RecordingUpstream each : upstreams) {
            each.close();
            assertThat(each.failures()).as("failures of the fixture itself").isEmpty();
        }
        upstreams.clear();
    }

    /** An upstream that the test need not close. */
    final RecordingUpstream upstream(String name, Script script) throws IOException {
        RecordingUpstream started = RecordingUpstream.start(name, script);
        upstreams.add(started);
        return started;
    }

    /** Makes these the instances of the application, each with its name for a version. */
    final void instances(RecordingUpstream... instances) throws IOException {
        proxy.updateEndpoints(
                ProxySpec.APP, Arrays.stream(instances).map(Endpoint::versioned).toList());
    }

    /** Something that is closed after the test. */
    final <T extends AutoCloseable> T closing(T resource) {
        opened.add(resource);
        return resource;
    }

    /** A client that is closed after the test. */
    final RawClient client() throws IOException {
        return closing(RawClient.connect(proxy.address()));
    }

    /** The head of a request to the application. */
    final String request(String method, String target, String... fieldLines) {
        List<String> lines = new ArrayList<>();
        lines.add(method + " " + target + " HTTP/1.1");
        lines.add("Host: " + proxy.authority());
        lines.addAll(List.of(fieldLines));
        return Wire.head(lines.toArray(String[]::new));
    }

    final String get(String target) {
        return request("GET", target);
    }

    final String post(String body) {
        return request("POST", "/p", "Content-Length: " + body.length()) + body;
    }

    /** Skips the test, visibly, where this proxy does not choose the destination. */
    final void onlyWhereRoutesApply() {
        Assumptions.assumeTrue(
                proxy.plane() != Plane.INBOUND,
                "routes and access are decided where the destination is chosen, not at inbound");
    }
}
