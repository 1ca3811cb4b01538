// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.forwarding;

import io.weft.conformance.model.ModelProxy;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import java.io.IOException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ModelInboundForwardingTest extends ForwardingContract {

    @Override
    protected ProxyUnderTest start(ProxySpec spec) throws IOException {
        return new ModelProxy(Plane.INBOUND, spec);
    }

    @Override
    @Test
    protected void refusesWhatNobodyMayDo() {
        Assumptions.abort("the model delivers whatever it is given");
    }
}
