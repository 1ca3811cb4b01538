// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells whoever looks here what there will be to find. */
@RestController
class Announcement {

    /** What the root says: who this is and what it can do. */
    record Said(String service, String status) {}

    @GetMapping("/")
    Said root() {
        return new Said(
                "weft-auth-service",
                "Sign-in and the certificate authority for workloads arrive with the next release.");
    }
}
