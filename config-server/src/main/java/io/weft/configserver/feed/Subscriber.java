// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import io.weft.policy.feed.FeedMessage.Hello;
import io.weft.policy.snapshot.PolicyVersion;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.List;

/**
 * One proxy and how far it is.
 *
 * @param version the last that it acknowledged or refused
 * @param refused what it did not understand of that version, one line for each object
 * @param since when it reached that version; before it reached any, when it connected
 * @param connected by the monotonic clock
 */
public record Subscriber(
        Hello hello,
        SocketAddress address,
        PolicyVersion version,
        List<String> refused,
        Instant since,
        long connected) {

    public Subscriber {
        refused = List.copyOf(refused);
    }

    /** Whether this is the same proxy again; names of proxies are their workload's own. */
    boolean isSameProxy(Hello other) {
        return hello.proxy().equals(other.proxy()) && hello.workload().equals(other.workload());
    }

    Subscriber reached(PolicyVersion reached, List<String> problems, Instant now) {
        return new Subscriber(hello, address, reached, problems, now, connected);
    }
}
