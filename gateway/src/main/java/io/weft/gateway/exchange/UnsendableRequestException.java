// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.exchange;

import io.weft.dataplane.http.HttpFault;

/** A request that filters have made into something that cannot be sent. */
public final class UnsendableRequestException extends RuntimeException {

    private final HttpFault fault;

    UnsendableRequestException(HttpFault fault) {
        super(fault.description(), null, false, false);
        this.fault = fault;
    }

    public HttpFault fault() {
        return fault;
    }
}
