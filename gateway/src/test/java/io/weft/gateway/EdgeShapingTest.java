// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import io.weft.conformance.forwarding.ShapingContract;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;

class EdgeShapingTest extends ShapingContract {

    @Override
    protected ProxyUnderTest start(ProxySpec spec) throws Exception {
        return GatewayUnderTest.start(spec);
    }
}
