// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.orders;

import io.weft.demo.Self;
import io.weft.demo.calls.Calls;
import io.weft.demo.trade.Charge;
import io.weft.demo.trade.Goods;
import io.weft.demo.trade.Item;
import io.weft.demo.trade.Order;
import io.weft.demo.trade.Payment;
import io.weft.demo.trade.Purchase;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Takes orders, and has each of them checked against its payment when asked. */
@RestController
@ConditionalOnProperty(name = "weft.demo.service", havingValue = "orders")
class Orders {

    private static final long HISTORY = 100;

    private final Self self;
    private final Calls calls;
    private final AtomicLong taken = new AtomicLong(HISTORY);

    Orders(Self self, Calls calls) {
        this.self = self;
        this.calls = calls;
    }

    @GetMapping("/orders/{id}")
    Order order(@PathVariable long id) {
        if (id < 0) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, "no order " + id);
        }
        return order(id, calls.get("payments", "/payments/{order}", Payment.class, id));
    }

    @PostMapping("/orders")
    ResponseEntity<Order> take(@RequestBody Purchase purchase) {
        long id = number(purchase.item());
        Charge charge = new Charge(id, Goods.of(id).price());
        Order order = order(id, calls.post("payments", "/charge", Payment.class, charge));
        return ResponseEntity.created(URI.create("/orders/" + id)).body(order);
    }

    private long number(@Nullable String item) {
        return Goods.order(String.valueOf(item), taken.getAndIncrement())
                .orElseThrow(
                        () ->
                                new ResponseStatusException(
                                        HttpStatus.BAD_REQUEST,
                                        "item: %s (expected: one of %s)"
                                                .formatted(item, Goods.names())));
    }

    private Order order(long id, Payment payment) {
        Item item = Goods.of(id);
        return new Order(
                        id,
                        item.name(),
                        item.price(),
                        payment.state(),
                        self.version(),
                        payment.via())
                .through(self.label());
    }
}
