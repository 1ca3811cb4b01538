// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.payments;

import io.weft.demo.Self;
import io.weft.demo.trade.Charge;
import io.weft.demo.trade.Payment;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Collects money, and knows who has paid. */
@RestController
@ConditionalOnProperty(name = "weft.demo.service", havingValue = "payments")
class Payments {

    private final Self self;
    private final AtomicLong asked = new AtomicLong();

    Payments(Self self) {
        this.self = self;
    }

    @GetMapping("/payments/{order}")
    Payment payment(@PathVariable long order) {
        return paid(order);
    }

    @PostMapping("/charge")
    Payment charge(@RequestBody Charge charge) {
        return paid(charge.order());
    }

    private Payment paid(long order) {
        fault();
        return new Payment(order, "ok", self.label());
    }

    /** The planted fault: every fifth request to version two fails. */
    private void fault() {
        if (self.version().equals("v2") && asked.incrementAndGet() % 5 == 0) {
            throw new ResponseStatusException(
                    HttpStatus.INTERNAL_SERVER_ERROR, self.label() + " lost count");
        }
    }
}
