// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.storefront;

import io.weft.demo.Self;
import io.weft.demo.calls.Calls;
import io.weft.demo.trade.Item;
import io.weft.demo.trade.Order;
import io.weft.demo.trade.Purchase;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** What visitors of the shop see. */
@RestController
@ConditionalOnProperty(name = "weft.demo.service", havingValue = "storefront")
class Storefront {

    /** Set by the shop's policy on every request that comes in at the edge. */
    private static final String ENTRANCE = "x-entrance";

    private final Self self;
    private final Calls calls;
    private final Page page;

    Storefront(Self self, Calls calls, Page page) {
        this.self = self;
        this.calls = calls;
        this.page = page;
    }

    @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE + ";charset=UTF-8")
    String home() {
        return page.forVisitors(catalog());
    }

    /** Who may see this the shop does not ask: the policy does. */
    @GetMapping(path = "/admin", produces = MediaType.TEXT_HTML_VALUE + ";charset=UTF-8")
    String books() {
        return page.forOwners(catalog());
    }

    @GetMapping("/catalog")
    List<Item> catalog() {
        return List.of(calls.get("catalog", "/catalog", Item[].class));
    }

    @GetMapping("/orders/{id}")
    Order order(
            @PathVariable long id,
            @RequestHeader(name = ENTRANCE, required = false) @Nullable String entrance) {
        return through(entrance, calls.get("orders", "/orders/{id}", Order.class, id));
    }

    @PostMapping("/orders")
    ResponseEntity<Order> buy(
            @RequestBody Purchase purchase,
            @RequestHeader(name = ENTRANCE, required = false) @Nullable String entrance) {
        Order order = calls.post("orders", "/orders", Order.class, purchase);
        return ResponseEntity.created(URI.create("/orders/" + order.id()))
                .body(through(entrance, order));
    }

    private Order through(@Nullable String entrance, Order order) {
        Order here = order.through(self.label());
        return "edge".equals(entrance) ? here.through("edge") : here;
    }
}
