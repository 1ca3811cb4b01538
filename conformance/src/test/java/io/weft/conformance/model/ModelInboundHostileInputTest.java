// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.model;

import io.weft.conformance.hostile.HostileInputContract;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import java.io.IOException;

class ModelInboundHostileInputTest extends HostileInputContract {

    @Override
    protected ProxyUnderTest start(ProxySpec spec) throws IOException {
        return new ModelProxy(Plane.INBOUND, spec);
    }
}
