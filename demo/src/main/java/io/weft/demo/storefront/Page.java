// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.storefront;

import io.weft.demo.trade.Item;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/** The shop's pages for people: what there is to buy, and what its owners see. */
@Component
@ConditionalOnProperty(name = "weft.demo.service", havingValue = "storefront")
class Page {

    private final String visitors;
    private final String owners;

    Page() throws IOException {
        this.visitors = read("storefront.html");
        this.owners = read("admin.html");
    }

    private static String read(String file) throws IOException {
        return new ClassPathResource(file).getContentAsString(StandardCharsets.UTF_8);
    }

    String forVisitors(List<Item> items) {
        return visitors.replace("{items}", rows(items));
    }

    String forOwners(List<Item> items) {
        BigDecimal sum = items.stream().map(Item::price).reduce(BigDecimal.ZERO, BigDecimal::add);
        return owners.replace("{items}", rows(items)).replace("{sum}", sum.toString());
    }

    private static String rows(List<Item> items) {
        return items.stream().map(Page::row).collect(Collectors.joining());
    }

    private static String row(Item item) {
        return "<tr><td>%s</td><td>%s €</td></tr>\n"
                .formatted(HtmlUtils.htmlEscape(item.name()), item.price());
    }
}
