// SPDX-License-Identifier: Apache-2.0
package io.weft.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrafficTest {

    private RunningShop shop;

    @BeforeEach
    void open() throws IOException {
        shop = new RunningShop();
    }

    @AfterEach
    void shut() {
        shop.close();
    }

    @Test
    void visitorsComeInAtTheEdgeByThemselves() {
        // The proxy plays the edge: what visitors ask for is asked of it, not of a named service.
        shop.start(
                "traffic",
                "--weft.demo.traffic.edge=http://127.0.0.1:" + shop.proxy().port(),
                "--weft.demo.traffic.every=5ms");

        await().untilAsserted(
                        () ->
                                assertThat(shop.proxy().seen())
                                        .extracting(seen -> seen.uri().getPath())
                                        .contains("/", "/catalog")
                                        .anyMatch(path -> path.startsWith("/orders/")));
    }

    @Test
    void theIntruderKnocksAtServicesByName() {
        shop.start("intruder", "--weft.demo.intruder.every=50ms");

        await().untilAsserted(
                        () ->
                                assertThat(shop.proxy().seen())
                                        .extracting(seen -> seen.method() + " " + seen.uri())
                                        .contains(
                                                "GET http://orders/orders/42",
                                                "POST http://payments/charge"));
    }
}
