// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import io.weft.conformance.routing.RoutingContract;

class EdgeRoutingTest extends RoutingContract {

    @Override
    protected ProxyUnderTest start(ProxySpec spec) throws Exception {
        return GatewayUnderTest.start(spec);
    }
}
