// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {

    @Test
    void readsWhatItWrites() {
        var id = new SpiffeId(new TrustDomain("shop.example"), ServiceName.parse("orders.sales"));
        assertThat(id).hasToString("spiffe://shop.example/ns/sales/svc/orders");
        assertThat(SpiffeId.parse(id.toString())).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "orders",
                "https://shop.example/ns/default/svc/orders",
                "SPIFFE://shop.example/ns/default/svc/orders",
                "spiffe://Shop.example/ns/default/svc/orders",
                "spiffe:///ns/default/svc/orders",
                "spiffe://shop.example",
                "spiffe://shop.example/",
                "spiffe://shop.example/orders",
                "spiffe://shop.example/ns/default/svc/orders/",
                "spiffe://shop.example//ns/default/svc/orders",
                "spiffe://shop.example/ns//svc/orders",
                "spiffe://shop.example/ns/default/svc/..",
                "spiffe://shop.example/ns/default/svc/Orders",
                "spiffe://shop.example/ns/default/svc/orders%20",
                "spiffe://shop.example/ns/default/svc/orders?x",
                "spiffe://shop.example/ns/default/svc/orders#x",
                "spiffe://shop.example:443/ns/default/svc/orders",
                "spiffe://user@shop.example/ns/default/svc/orders",
                "spiffe://shop.example/ns/default/sa/orders",
                " spiffe://shop.example/ns/default/svc/orders",
                "spiffe://shop.example/ns/default/svc/orders\n"
            })
    void refusesWhatNamesNoWorkload(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SpiffeId.parse(text));
    }
}
