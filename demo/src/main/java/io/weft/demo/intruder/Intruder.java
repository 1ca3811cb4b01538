// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.intruder;

import io.weft.demo.trade.Charge;
import java.io.IOException;
import java.math.BigDecimal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpRequest;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/** Knocks, through an agent of its own, at services whose access rules do not name it. */
@Component
@EnableScheduling
@ConditionalOnProperty(name = "weft.demo.service", havingValue = "intruder")
class Intruder {

    private static final Logger log = LoggerFactory.getLogger(Intruder.class);

    private final RestClient http;

    Intruder(RestClient.Builder builder) {
        this.http = builder.build();
    }

    @Scheduled(fixedRateString = "${weft.demo.intruder.every}")
    void knock() {
        attempt(http.get().uri("http://orders/orders/42"));
        attempt(
                http.post()
                        .uri("http://payments/charge")
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(new Charge(42, BigDecimal.ONE)));
    }

    private static void attempt(RestClient.RequestHeadersSpec<?> request) {
        try {
            request.exchange(Intruder::answered);
        } catch (ResourceAccessException e) {
            log.warn("no answer: {}", e.getMessage());
        }
    }

    private static int answered(HttpRequest request, ClientHttpResponse response)
            throws IOException {
        int status = response.getStatusCode().value();
        String call = request.getMethod() + " " + request.getURI();
        if (response.getStatusCode().is2xxSuccessful()) {
            log.warn("{}: {}, let in!", call, status);
        } else {
            log.info("{}: {}, not let in", call, status);
        }
        return status;
    }
}
