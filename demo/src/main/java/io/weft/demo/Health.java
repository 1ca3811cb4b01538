// SPDX-License-Identifier: Apache-2.0
package io.weft.demo;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers on every service whether it is there. */
@RestController
class Health {

    @GetMapping("/healthz")
    String healthz() {
        return "ok\n";
    }
}
