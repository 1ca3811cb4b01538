// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent;

import io.weft.conformance.hostile.HostileAccessContract;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;

class InboundHostileAccessTest extends HostileAccessContract {

    @Override
    protected ProxyUnderTest start(ProxySpec spec) throws Exception {
        return AgentUnderTest.start(Plane.INBOUND, spec);
    }
}
