// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.registry;

import io.weft.policy.feed.Instance;

/** An instance and what keeps it in the registry. */
public record Entry(Instance instance, Keeper keeper) {

    /** What keeps an instance. */
    public sealed interface Keeper {

        /** The settings, for as long as the server runs with them. */
        record Settings() implements Keeper {}

        /** A discovery client, until it names other instances. */
        record Discovery() implements Keeper {}

        /** An open stream of the feed. */
        record Stream(StreamId id) implements Keeper {}

        /**
         * Nothing any more: it goes when its lease ends.
         *
         * @param end in uptime
         */
        record Lease(long end) implements Keeper {}
    }
}
