// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.weft.dataplane.loop.Worker;

/**
 * How many copies may be on their way at once, so that a destination which hangs costs no more than
 * that. Each event loop has its own share.
 */
final class CopyBudget {

    private static final int MOST = 64;

    /** Loops write to cache lines of their own. */
    private static final int STRIDE = 16;

    private final int[] onTheirWay;

    CopyBudget(int loops) {
        this.onTheirWay = new int[loops * STRIDE];
    }

    /** Takes one; false when there is none left. */
    boolean take(Worker worker) {
        int at = worker.index() * STRIDE;
        if (onTheirWay[at] == MOST) {
            return false;
        }
        onTheirWay[at]++;
        return true;
    }

    void giveBack(Worker worker) {
        onTheirWay[worker.index() * STRIDE]--;
    }
}
