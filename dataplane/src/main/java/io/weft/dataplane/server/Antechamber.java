// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who has connected to a listener and not proved yet who it is. There is room for so many; when one
 * more comes, the one that has taken longest leaves. A handshake takes milliseconds, so those who
 * only want to fill the room push out one another.
 */
final class Antechamber {

    static final int ROOM = 1_024;

    private final Set<Doorkeeper> waiting = new LinkedHashSet<>();

    void enter(Doorkeeper newcomer) {
        Doorkeeper leaves = add(newcomer);
        if (leaves != null) {
            leaves.giveWay();
        }
    }

    private synchronized @Nullable Doorkeeper add(Doorkeeper newcomer) {
        waiting.add(newcomer);
        if (waiting.size() <= ROOM) {
            return null;
        }
        Doorkeeper longest = waiting.iterator().next();
        waiting.remove(longest);
        return longest;
    }

    synchronized void leave(Doorkeeper one) {
        waiting.remove(one);
    }
}
