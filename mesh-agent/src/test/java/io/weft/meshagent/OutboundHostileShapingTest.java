// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent;

import io.weft.conformance.hostile.HostileShapingContract;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;

class OutboundHostileShapingTest extends HostileShapingContract {

    @Override
    protected ProxyUnderTest start(ProxySpec spec) throws Exception {
        return AgentUnderTest.start(Plane.OUTBOUND, spec);
    }
}
