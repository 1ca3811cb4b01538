// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.storefront;

import io.weft.demo.trade.Item;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/** The shop's page for people: what there is to buy, and where to look next. */
@Component
@ConditionalOnProperty(name = "weft.demo.service", havingValue = "storefront")
class Page {

    private final String template;

    Page() throws IOException {
        this.template =
                new ClassPathResource("storefront.html").getContentAsString(StandardCharsets.UTF_8);
    }

    String of(List<Item> items) {
        String rows = items.stream().map(Page::row).collect(Collectors.joining());
        return template.replace("{items}", rows);
    }

    private static String row(Item item) {
        return "<tr><td>%s</td><td>%s €</td></tr>\n"
                .formatted(HtmlUtils.htmlEscape(item.name()), item.price());
    }
}
