// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.time;

/** A monotonic source of nanoseconds, so that tests need not wait. */
@FunctionalInterface
public interface Ticker {

    Ticker SYSTEM = System::nanoTime;

    long nanos();
}
