// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.edge;

import io.weft.dataplane.failure.Failure;

/** Carries a request to a service; hears what becomes of its client. */
public interface Carrier {

    /** The rest of the request cannot be read, and the client has been told why: give it up. */
    void onBroken(Failure failure);

    /** More of the response is welcome again. */
    void onWritable();
}
