// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import io.weft.conformance.hostile.HostileShapingContract;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;

class EdgeHostileShapingTest extends HostileShapingContract {

    @Override
    protected ProxyUnderTest start(ProxySpec spec) throws Exception {
        return GatewayUnderTest.start(spec);
    }
}
