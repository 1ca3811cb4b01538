// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.catalog;

import io.weft.demo.trade.Goods;
import io.weft.demo.trade.Item;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The list of all items. */
@RestController
@ConditionalOnProperty(name = "weft.demo.service", havingValue = "catalog")
class Catalog {

    @GetMapping("/catalog")
    List<Item> items() {
        return Goods.all();
    }
}
