// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.supervise;

import java.net.URI;

/**
 * How to see what state a process is in: addresses that answer 200.
 *
 * @param listening as soon as it has started, whether or not those it needs have
 * @param ready when it does its work
 */
public record Health(URI listening, URI ready) {

    /** Of a process that works as soon as it listens. */
    public static Health of(URI ready) {
        return new Health(ready, ready);
    }
}
