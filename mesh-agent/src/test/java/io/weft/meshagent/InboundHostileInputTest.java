// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent;

import io.weft.conformance.hostile.HostileInputContract;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;

class InboundHostileInputTest extends HostileInputContract {

    @Override
    protected ProxyUnderTest start(ProxySpec spec) throws Exception {
        return AgentUnderTest.start(Plane.INBOUND, spec);
    }
}
