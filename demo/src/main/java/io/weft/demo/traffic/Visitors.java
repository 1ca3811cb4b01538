// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.traffic;

import java.io.OutputStream;
import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/**
 * Comes in at the edge like anybody from outside, at a steady rate: a request is begun when its
 * time has come, whether or not earlier ones are done.
 */
@Component
@EnableScheduling
@ConditionalOnProperty(name = "weft.demo.service", havingValue = "traffic")
class Visitors {

    private final RestClient http;
    private final Tally tally = new Tally();

    Visitors(RestClient.Builder builder, @Value("${weft.demo.traffic.edge}") URI edge) {
        this.http = builder.baseUrl(edge).build();
    }

    @Scheduled(fixedRateString = "${weft.demo.traffic.every}")
    void visit() {
        try {
            tally.add(String.valueOf(status(page())));
        } catch (ResourceAccessException e) {
            tally.add("no answer");
        }
    }

    @Scheduled(initialDelayString = "30s", fixedRateString = "30s")
    void report() {
        tally.log();
    }

    private int status(String path) {
        return http.get()
                .uri(path)
                .exchange(
                        (request, response) -> {
                            response.getBody().transferTo(OutputStream.nullOutputStream());
                            return response.getStatusCode().value();
                        });
    }

    /** Mostly orders, for they go the longest way. */
    private static String page() {
        int dice = ThreadLocalRandom.current().nextInt(100);
        if (dice < 70) {
            return "/orders/" + ThreadLocalRandom.current().nextInt(1000);
        }
        return dice < 90 ? "/catalog" : "/";
    }
}
