// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.trade;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * All that the shop sells. There are ten items, so that the last digit of an order's number says
 * what was bought: without a database every instance of either version knows every order.
 */
public final class Goods {

    private static final List<Item> ALL =
            List.of(
                    item("lamp", "39.00"),
                    item("mug", "8.50"),
                    item("book", "24.90"),
                    item("pen", "2.20"),
                    item("chair", "89.00"),
                    item("clock", "31.00"),
                    item("bag", "45.00"),
                    item("scarf", "19.90"),
                    item("kettle", "54.00"),
                    item("plant", "12.00"));

    private Goods() {}

    /** Everything there is to buy. */
    public static List<Item> all() {
        return ALL;
    }

    /** The names of all items, for messages. */
    public static String names() {
        return ALL.stream().map(Item::name).collect(Collectors.joining(", "));
    }

    /** The item an order is about. */
    public static Item of(long order) {
        return ALL.get((int) (order % ALL.size()));
    }

    /** The number of the {@code n}th order for an item, unless the shop does not sell it. */
    public static Optional<Long> order(String item, long n) {
        return IntStream.range(0, ALL.size())
                .filter(i -> ALL.get(i).name().equals(item))
                .mapToObj(i -> n * ALL.size() + i)
                .findFirst();
    }

    private static Item item(String name, String price) {
        return new Item(name, new BigDecimal(price));
    }
}
