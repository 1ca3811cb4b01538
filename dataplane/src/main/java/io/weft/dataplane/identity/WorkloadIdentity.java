// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The identity of this proxy as it is now. It changes while connections live: new ones take what is
 * there when they begin, and those that are there hear that they may have to look again.
 */
public final class WorkloadIdentity {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Credentials credentials;

    /** What connections are made with, or null while there is no identity at all. */
    public @Nullable Credentials credentials() {
        return credentials;
    }

    /** Whether there is an identity, and it has not ended. */
    public boolean isValid() {
        Credentials now = credentials;
        return now != null && now.areValid();
    }

    void replace(Credentials next) {
        credentials = next;
        listeners.forEach(Runnable::run);
    }

    /** Has somebody told, on whatever thread, that there are other credentials now. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }
}
