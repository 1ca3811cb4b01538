// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.proxy.Plane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VectorFileTest {

    @Test
    void readsInputsAsBytes() {
        assertThat(request("framing.yml", "H-17").input())
                .isEqualTo("POST /p HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\0\r\n\r\nhello");
        assertThat(request("framing.yml", "H-19").input())
                .contains("Content-Length: \u00d9\u00a5\r\n");
        assertThat(request("framing.yml", "H-81d").input()).startsWith("A".repeat(100_000) + " / ");
        assertThat(request("framing.yml", "H-91b").input()).endsWith("Keep-Alive: x\r\n\r\n");
    }

    @Test
    void readsExpectations() {
        Vector unknownHost = request("targets.yml", "U-02aj");
        assertThat(unknownHost.expectation(Plane.EDGE)).hasToString("answered [404, 421]");
        assertThat(unknownHost.expectation(Plane.INBOUND)).hasToString("forwarded");
        assertThat(
                        request("framing.yml", "H-47")
                                .expectation(Plane.OUTBOUND)
                                .mayReachUpstreamInPart())
                .isTrue();
        assertThat(request("framing.yml", "H-49.5").expectation(Plane.EDGE))
                .hasToString("forwarded or late [400]");
    }

    @Test
    void hasEachIdOnce() {
        List<String> ids = new ArrayList<>();
        for (String file : List.of("framing.yml", "targets.yml", "forwarding.yml")) {
            VectorFile.requests(file).forEach(vector -> ids.add(vector.id()));
            ids.addAll(VectorFile.leftOut(file).keySet());
        }
        VectorFile.answers("upstream.yml").forEach(vector -> ids.add(vector.id()));
        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(500);
    }

    @Test
    void namesWhatIsLeftOut() {
        assertThat(VectorFile.leftOut("forwarding.yml")).containsOnlyKeys("X-07");
    }

    @Test
    void splitsRowsEverywhereAndNeighboursHereAndThere() {
        String input = "x".repeat(90);
        assertThat(Delivery.splits("H-01", input)).hasSize(89);
        assertThat(Delivery.splits("H-01.2", input)).hasSizeBetween(29, 30);
        assertThat(Delivery.splits("U-02aj", input)).hasSizeBetween(29, 30);
        assertThat(Delivery.splits("H-01", "x".repeat(6400))).hasSizeBetween(63, 65);
    }

    private static Vector request(String file, String id) {
        return VectorFile.requests(file).stream()
                .filter(vector -> vector.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
