// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.routing;

import io.weft.conformance.raw.Exchange;
import io.weft.conformance.raw.Fields;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Gateway API's echo server as far as the rows need it: {@code ?delay=} says how many
 * milliseconds it waits, {@code X-Echo-Set-Header: name:value, ...} which fields its answer has.
 */
final class ToldEcho {

    private static final Pattern FIELD_SEPARATOR = Pattern.compile(", ?");
    private static final Pattern DELAY = Pattern.compile("[?&]delay=([0-9]+)ms");

    private ToldEcho() {}

    static void serve(Exchange exchange) throws IOException, InterruptedException {
        exchange.readBody();
        Matcher delay = DELAY.matcher(exchange.head().target());
        if (delay.find()) {
            exchange.awaitPeerGone(Duration.ofMillis(Long.parseLong(delay.group(1))));
        }
        Fields asked = exchange.head().fields();
        var answer = new ArrayList<String>();
        asked.first("x-echo-set-header")
                .ifPresent(
                        fields -> {
                            for (String each : FIELD_SEPARATOR.splitAsStream(fields).toList()) {
                                answer.add(each.replaceFirst(":", ": "));
                            }
                        });
        asked.first("backend").ifPresent(name -> answer.add("X-Echo-Backend: " + name));
        exchange.answer(200, "", answer.toArray(String[]::new));
    }
}
