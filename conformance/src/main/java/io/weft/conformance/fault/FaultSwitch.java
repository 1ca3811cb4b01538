// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.fault;

/** The fault in force, for many relays that look at it and some that wait for it to change. */
final class FaultSwitch {

    private volatile Fault current = new Fault.None();

    Fault current() {
        return current;
    }

    synchronized void set(Fault fault) {
        current = fault;
        notifyAll();
    }

    /** Returns once traffic may move. */
    synchronized void awaitPassage() throws InterruptedException {
        while (current instanceof Fault.BlackHole) {
            wait();
        }
    }
}
