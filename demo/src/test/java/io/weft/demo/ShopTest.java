// SPDX-License-Identifier: Apache-2.0
package io.weft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShopTest {

    private RunningShop shop;
    private int storefront;

    @BeforeAll
    void open() throws IOException {
        shop = new RunningShop();
        shop.start("catalog");
        shop.start("payments");
        shop.start("orders");
        storefront = shop.start("storefront");
    }

    @AfterAll
    void shut() {
        shop.close();
    }

    @BeforeEach
    void forget() {
        shop.proxy().forget();
    }

    @Test
    void showsAnOrderWithTheWayItTook() throws Exception {
        HttpResponse<String> answer = shop.get(storefront, "/orders/42", "x-entrance", "edge");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(
                        """
                        {"id":42,"item":"book","price":24.90,"payment":"ok","version":"v1",\
                        "via":"edge → storefront → orders v1 → payments v1"}""");
    }

    @Test
    void callsOnlyThroughTheProxyAndByPlainNames() throws Exception {
        shop.get(storefront, "/orders/7");

        assertThat(shop.proxy().seen())
                .extracting(seen -> seen.method() + " " + seen.uri())
                .containsExactly("GET http://orders/orders/7", "GET http://payments/payments/7");
    }

    @Test
    void neverOffersAnUpgrade() throws Exception {
        shop.get(storefront, "/orders/7");

        assertThat(shop.proxy().seen())
                .allSatisfy(seen -> assertThat(seen.header("Upgrade")).isEmpty());
    }

    @Test
    void passesOnWhoAskedAndTheTrace() throws Exception {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        shop.get(storefront, "/orders/7", "authorization", "Bearer t", "traceparent", trace);

        assertThat(shop.proxy().seen())
                .hasSize(2)
                .allSatisfy(
                        seen -> {
                            assertThat(seen.header("Authorization")).containsExactly("Bearer t");
                            assertThat(seen.header("Traceparent")).containsExactly(trace);
                        });
    }

    @Test
    void sellsWhatTheCatalogueHas() throws Exception {
        assertThat(shop.get(storefront, "/catalog").body())
                .startsWith("[{\"name\":\"lamp\",\"price\":39.00}");

        HttpResponse<String> page = shop.get(storefront, "/");
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html;charset=UTF-8");
        assertThat(page.body()).contains("<td>lamp</td><td>39.00 €</td>");
        assertThat(shop.get(storefront, "/admin").body()).contains("<td>One of each</td><td>");
    }

    @Test
    void keepsWhatWasOrdered() throws Exception {
        HttpResponse<String> bought = shop.post(storefront, "/orders", "{\"item\":\"kettle\"}");

        assertThat(bought.statusCode()).isEqualTo(201);
        String order = bought.headers().firstValue("location").orElseThrow();
        assertThat(shop.get(storefront, order).body())
                .contains("\"item\":\"kettle\",\"price\":54.00,\"payment\":\"ok\"");
    }

    @Test
    void refusesWhatIsNotSold() throws Exception {
        HttpResponse<String> answer = shop.post(storefront, "/orders", "{\"item\":\"moon\"}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("orders answered 400: item: moon (expected: one of lamp, mug, book");
    }

    @Test
    void doesNotKnowOrdersBelowZero() throws Exception {
        assertThat(shop.get(storefront, "/orders/-1").statusCode()).isEqualTo(404);
    }

    @Test
    void saysThatItIsThere() throws Exception {
        assertThat(shop.get(storefront, "/healthz").body()).isEqualTo("ok\n");
    }
}
