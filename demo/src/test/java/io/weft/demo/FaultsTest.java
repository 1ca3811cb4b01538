// SPDX-License-Identifier: Apache-2.0
package io.weft.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsTest {

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
    void secondVersionOfPaymentsFailsOneInFive() throws Exception {
        int payments = shop.start("payments", "--weft.demo.version=v2");
        List<Integer> statuses = new ArrayList<>();
        for (int order = 0; order < 10; order++) {
            statuses.add(shop.get(payments, "/payments/" + order).statusCode());
        }

        assertThat(statuses).containsExactly(200, 200, 200, 200, 500, 200, 200, 200, 200, 500);
    }

    @Test
    void aFailureFarBelowIsToldInOneCleanLine() throws Exception {
        int payments = shop.start("payments", "--weft.demo.version=v2");
        for (int order = 0; order < 4; order++) {
            shop.get(payments, "/payments/" + order);
        }
        shop.start("orders", "--weft.demo.version=v2");
        int storefront = shop.start("storefront");

        HttpResponse<String> answer = shop.get(storefront, "/orders/42");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValue("application/problem+json");
        assertThat(answer.body())
                .contains("orders answered 502: payments answered 500: payments v2 lost count")
                .doesNotContain("Exception", "\\tat ");
    }

    @Test
    void aRefusalInTheMeshKeepsItsStatus() throws Exception {
        int storefront = shop.start("storefront");

        HttpResponse<String> answer = shop.get(storefront, "/orders/42");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("orders answered 403");
    }

    @Test
    void aCalleeThatIsGoneIsABadGateway() throws Exception {
        int storefront = shop.start("storefront");
        shop.proxy().close();

        HttpResponse<String> answer = shop.get(storefront, "/catalog");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("catalog did not answer");
    }

    @Test
    void namesTheServicesWhenNoneIsChosen() {
        assertThatThrownBy(() -> shop.start("nobody"))
                .hasStackTraceContaining("No enum constant io.weft.demo.Self.Service.nobody");
        assertThatThrownBy(() -> shop.start(""))
                .hasStackTraceContaining(
                        "weft.demo.service: missing (expected: one of storefront, orders");
    }
}
