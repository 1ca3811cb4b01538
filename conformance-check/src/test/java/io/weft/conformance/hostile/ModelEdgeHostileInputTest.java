// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import io.weft.conformance.model.ModelProxy;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import java.io.IOException;

class ModelEdgeHostileInputTest extends HostileInputContract {

    @Override
    protected ProxyUnderTest start(ProxySpec spec) throws IOException {
        return new ModelProxy(Plane.EDGE, spec);
    }
}
